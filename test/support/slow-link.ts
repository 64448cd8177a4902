import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What lies between a browser and a server. */
export interface LinkOptions {
  /** The server's, on 127.0.0.1. */
  readonly port: number;
  /** Takes `Range` from requests and `Accept-Ranges` and `Content-Range` from answers, as some caches do. */
  readonly stripsRanges?: boolean;
  /** Before each request is passed on, once: the time of a round trip on a connection that is open already. */
  readonly latencyMs?: number;
  /** For the bodies of all answers together: the connections share the line. */
  readonly bytesPerSecond?: number;
}

/** A request that came through; the last two change while its answer is on the way. */
export interface LinkRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  /** In milliseconds since the epoch, as `Date.now()` says it in a page too. */
  readonly at: number;
  status: number | undefined;
  /** Bytes of the body that were written to the browser's connection, and when; at most {@link PIECE} each. */
  readonly deliveries: { readonly at: number; readonly bytes: number }[];
}

/** A proxy that is running. */
export interface Link {
  readonly url: string;
  readonly requests: readonly LinkRequest[];
  close(): Promise<void>;
}

const PIECE = 16 * 1024;

/** Starts a proxy in front of a server: a slow line, a cache that breaks ranges, or only something that counts. */
export async function startLink(options: LinkOptions): Promise<Link> {
  const requests: LinkRequest[] = [];
  const agent = new http.Agent({ keepAlive: true });
  const awaitTurn = line(options.bytesPerSecond);
  const server = http.createServer((request, response) => {
    const seen: LinkRequest = {
      method: request.method!,
      path: request.url!,
      range: request.headers.range,
      at: Date.now(),
      status: undefined,
      deliveries: [],
    };
    requests.push(seen);
    // Either side may go away at any time, which is how players end most of their requests.
    relay(options, agent, awaitTurn, request, response, seen).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How many of these requests came, and how many bytes of their bodies had left, up to a time. */
export function totalsUntil(
  requests: readonly LinkRequest[],
  at: number,
): { requests: number; bytes: number } {
  const bytes = requests
    .flatMap(({ deliveries }) => deliveries)
    .filter((delivery) => delivery.at <= at)
    .reduce((sum, delivery) => sum + delivery.bytes, 0);
  return { requests: requests.filter((request) => request.at <= at).length, bytes };
}

async function relay(
  { port, stripsRanges = false, latencyMs = 0 }: LinkOptions,
  agent: http.Agent,
  awaitTurn: (bytes: number) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
  seen: LinkRequest,
): Promise<void> {
  const headers = stripsRanges ? without(request.headers, ['range', 'if-range']) : request.headers;
  if (latencyMs > 0) await sleep(latencyMs);
  const upstream = http.request({
    host: '127.0.0.1',
    port,
    agent,
    method: seen.method,
    path: seen.path,
    headers,
  });
  response.once('close', () => upstream.destroy());
  upstream.end();
  const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
  seen.status = answer.statusCode!;
  const fields = stripsRanges ? without(answer.headers, ['accept-ranges', 'content-range']) : answer.headers;
  response.writeHead(seen.status, fields);
  response.flushHeaders();
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; from += PIECE) {
      const piece = chunk.subarray(from, from + PIECE);
      await awaitTurn(piece.length);
      if (response.destroyed) return;
      const isFull = !response.write(piece);
      seen.deliveries.push({ at: Date.now(), bytes: piece.length });
      if (isFull) await drained(response);
    }
  }
  response.end();
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** One line for all: a piece leaves when those that came before it have. */
function line(bytesPerSecond = Infinity): (bytes: number) => Promise<void> {
  let free = 0;
  return async (bytes) => {
    const now = performance.now();
    free = Math.max(free, now) + (bytes / bytesPerSecond) * 1000;
    // A timer is no more exact than this; what one is late the next makes good.
    if (free - now > 2) await sleep(free - now);
  };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}
