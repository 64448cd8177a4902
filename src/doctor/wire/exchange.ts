import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import { Answer, type Ask, type BodyEnd } from './answer.js';
import { certificateFault, toWireError, WireError } from './wire-error.js';

/** Longest answer header that is read, in bytes; browsers stop at 256 KiB, servers send one or two. */
export const LONGEST_HEADER = 65_536;
/** 1xx answers before the one that counts. */
const MOST_INTERIM = 16;

export interface Conditions {
  /** For the whole exchange, in milliseconds. */
  readonly ms: number;
  /** Goes on with a certificate that cannot be trusted. */
  readonly insecure: boolean;
  /** Keeps connections; without it the exchange has one of its own. */
  readonly agent?: http.Agent | undefined;
  /** Told of every piece of header and body, in bytes. */
  received(bytes: number): void;
}

/**
 * Sends one request and reads the header and as much of the body as is wanted. Redirects are not followed, codings not
 * undone. The connection is closed when enough has come, so that a long body costs no more than was in flight.
 *
 * @throws {WireError} when no header came that can be read
 */
export function exchange(url: URL, ask: Ask, conditions: Conditions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const elapsed = () => performance.now() - begin;
    const { request: send } = url.protocol === 'https:' ? https : http;
    const request = send(url, {
      method: ask.method,
      headers: { Connection: 'keep-alive', ...ask.fields },
      agent: conditions.agent ?? false,
      maxHeaderSize: LONGEST_HEADER,
      rejectUnauthorized: !conditions.insecure,
    });
    let settle: ((end: BodyEnd) => void) | undefined = undefined;
    let interim = 0;
    const timer = setTimeout(() => {
      const seconds = Math.round(conditions.ms / 100) / 10;
      if (settle) settle('stalled');
      else fail(new WireError('timeout', `no whole header came within ${seconds} s`));
    }, conditions.ms);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      request.destroy();
      reject(toWireError(error));
    };
    request.on('information', () => {
      if (++interim > MOST_INTERIM) fail(new WireError('garbage', 'interim answers came without end'));
    });
    request.once('response', (response) => {
      const headMs = elapsed();
      const chunks: Buffer[] = [];
      let kept = 0;
      conditions.received(response.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0));
      settle = (end) => {
        settle = () => undefined;
        clearTimeout(timer);
        if (end !== 'complete') request.destroy();
        const { statusCode = 0, httpVersion, rawHeaders, socket } = response;
        const body = Buffer.concat(chunks);
        const fault = untrusted(socket);
        resolve(new Answer(ask, statusCode, httpVersion, rawHeaders, body, end, headMs, elapsed(), fault));
      };
      response.on('data', (chunk: Buffer) => {
        conditions.received(chunk.length);
        if (kept < ask.keep) chunks.push(chunk.subarray(0, ask.keep - kept));
        kept += chunk.length;
        if (kept > ask.keep) settle!('stopped');
      });
      response.once('end', () => settle!(response.complete ? 'complete' : 'broken'));
      response.once('error', () => settle!('broken'));
      response.once('close', () => settle!(response.complete ? 'complete' : 'broken'));
    });
    // After the header, an error means that the body broke off, or that bytes came behind a body that was whole.
    request.on('error', (error) => {
      if (!settle) fail(error);
    });
    // An answer that is neither an answer nor an error, as a switch of protocols that nobody asked for.
    request.once('close', () => {
      if (!settle) fail(new WireError('closed', 'the connection was closed without an answer'));
    });
    request.end();
  });
}

function untrusted(socket: unknown): string | undefined {
  if (!(socket instanceof TLSSocket) || socket.authorized) return undefined;
  // Node keeps the code of the error there, whatever its types say.
  const code = socket.authorizationError as unknown as string | { code?: string } | null;
  if (!code) return undefined;
  const text = typeof code === 'string' ? code : (code.code ?? '');
  return certificateFault(text) ?? 'is not accepted';
}
