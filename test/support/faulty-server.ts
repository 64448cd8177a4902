import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { SAMPLES } from './samples.js';

/** One way, or several, in which a server of media gets it wrong. Nothing set: it does all of it right. */
export interface Fault {
  /** `false`: always 200 and the whole file. */
  readonly ranges?: false | 'closed-only' | 'open-only' | 'not-whole';
  readonly acceptRanges?: string | null;
  readonly contentRange?: 'missing' | 'without-size' | 'one-off';
  /** Sends at most this many bytes of any range. */
  readonly cap?: number;
  readonly suffix?: 'as-prefix' | 'refused';
  readonly pastEnd?: 'refused';
  readonly unsatisfiable?: 'whole' | 'without-size';
  readonly malformed?: 'guessed';
  readonly several?: 'first-only' | 'ignored';
  /** Ranges that do not begin at 0 bring what stands this many bytes later. */
  readonly shift?: number;
  readonly gzip?: 'offered' | 'always';
  /** Without Content-Length. */
  readonly chunked?: true;
  /** Added to Content-Length of whole files, or of ranges. */
  readonly lengthOff?: number;
  readonly rangeLengthOff?: number;
  readonly type?: string | null;
  /** Field by field; null takes one away. */
  readonly fields?: Readonly<Record<string, string | null>>;
  readonly fieldsFor?: (request: http.IncomingMessage) => Readonly<Record<string, string>>;
  readonly etag?: 'missing' | 'weak' | 'moving';
  /** `not-later`: holds for the first two bytes only, as when the file is replaced then. */
  readonly ifRange?: 'ignored' | 'never' | 'not-later';
  readonly ifNoneMatch?: 'ignored';
  readonly head?: 'refused' | 'other-length';
  /** Written behind the answer, on the connection: to a 206, a 304, a HEAD. */
  readonly surplusAfter?: 206 | 304 | 'HEAD';
  readonly status?: number;
  readonly redirect?: string;
  /** Before the first byte of what a player asks first, in milliseconds. */
  readonly delay?: number;
  /** Bytes per second. */
  readonly rate?: number;
  /** Every connection is cut after so many bytes of a body. */
  readonly cut?: number;
  readonly media?: 'moov-last' | 'truncated' | 'page' | 'text' | 'playlist' | 'matroska' | 'hevc' | 'mp3';
  /** Refuses the question that goes before a request of script elsewhere. */
  readonly preflight?: 'refused';
  /** Hangs on requests with this method, or with this Range. */
  readonly hangs?: string;
}

const FILES = {
  'moov-last': ['video/mp4-moov-last.mp4', 'video/mp4'],
  truncated: ['video/mp4-moov-first.mp4', 'video/mp4'],
  matroska: ['video/matroska.mkv', 'video/matroska'],
  hevc: ['video/mp4-hevc-hev1.mp4', 'video/mp4'],
  mp3: ['audio/mp3-cbr.mp3', 'audio/mpeg'],
} as const;
const TEXTS = {
  page: '<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body></body></html>',
  text: 'nothing that plays '.repeat(300),
  playlist: `#EXTM3U\n${'#EXTINF:4,\nsegment.ts\n'.repeat(300)}`,
} as const;

export interface FaultyServer {
  readonly port: number;
  /** Of a media file on a server with this fault. */
  url(fault: string): string;
  /** Every request so far, as method, URL and header fields. */
  readonly requests: readonly http.IncomingMessage[];
  close(): Promise<void>;
}

/** Starts a server with one folder for each fault; a redirect leads to the folder it names. */
export async function startFaultyServer(faults: Readonly<Record<string, Fault>>): Promise<FaultyServer> {
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    const name = request.url!.split('/')[1]!;
    const fault = faults[name];
    if (!fault) {
      response.writeHead(500).end(`no fault ${name}`);
      return;
    }
    // A client that goes away is what many of these are about.
    answer(fault, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (fault) => `http://127.0.0.1:${port}/${fault}/film.mp4`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

let count = 0;

async function mediaOf({ media }: Fault): Promise<{ readonly bytes: Buffer; readonly type: string }> {
  if (media === 'page') return { bytes: Buffer.from(TEXTS[media]), type: 'text/html' };
  if (media === 'text' || media === 'playlist')
    return { bytes: Buffer.from(TEXTS[media]), type: 'text/plain' };
  const [file, type] = media === undefined ? ['video/mp4-moov-first.mp4', 'video/mp4'] : FILES[media];
  const bytes = await readFile(path.join(SAMPLES, file));
  return { bytes: media === 'truncated' ? bytes.subarray(0, bytes.length - 50_000) : bytes, type };
}

async function answer(
  fault: Fault,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { method, headers } = request;
  if (fault.hangs !== undefined && [method, headers.range].includes(fault.hangs)) return;
  if (fault.delay && isFirstOfAPlayer(request)) await sleep(fault.delay);
  if (fault.redirect) {
    response.writeHead(302, { Location: fault.redirect }).end();
    return;
  }
  if (fault.status) {
    response.writeHead(fault.status, { 'Content-Type': 'text/plain' }).end('no');
    return;
  }
  if (method === 'OPTIONS' && fault.preflight === 'refused') {
    response.writeHead(405).end();
    return;
  }
  if (method === 'OPTIONS') {
    response
      .writeHead(204, { ...CORS, 'Access-Control-Allow-Headers': 'Range, If-Range', ...given(fault.fields) })
      .end();
    return;
  }
  const { bytes, type } = await mediaOf(fault);
  const opaque = `"${bytes.length.toString(16)}${fault.etag === 'moving' ? `-${count++}` : ''}"`;
  const etag = fault.etag === 'weak' ? `W/${opaque}` : opaque;
  const fields: Record<string, string> = {
    ...CORS,
    ...(fault.etag !== 'missing' && { ETag: etag }),
    'Last-Modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
    'Cache-Control': 'no-cache',
    'Content-Type': type,
    'Accept-Ranges': fault.ranges === false ? 'none' : 'bytes',
  };
  if (fault.acceptRanges !== undefined) set(fields, 'Accept-Ranges', fault.acceptRanges);
  if (fault.type !== undefined) set(fields, 'Content-Type', fault.type);
  for (const [name, value] of Object.entries(fault.fields ?? {})) set(fields, name, value);
  Object.assign(fields, fault.fieldsFor?.(request));

  if (headers['if-none-match'] === etag && fault.ifNoneMatch !== 'ignored') {
    response.writeHead(304, fields).end();
    if (fault.surplusAfter === 304) request.socket.write('what is not modified');
    return;
  }
  const plan =
    method === 'GET' && passesIfRange(fault, headers, etag)
      ? rangeOf(fault, headers, bytes.length)
      : undefined;
  if (plan?.status === 416) {
    const size = fault.unsatisfiable === 'without-size' ? {} : { 'Content-Range': `bytes */${bytes.length}` };
    response.writeHead(416, { ...CORS, ...size, 'Content-Length': '0' }).end();
    return;
  }
  await send(fault, request, response, fields, bytes, plan);
}

type Plan =
  { readonly status: 416 } | { readonly status: 206; readonly first: number; readonly last: number };

async function send(
  fault: Fault,
  { method, headers, socket }: http.IncomingMessage,
  response: http.ServerResponse,
  fields: Record<string, string>,
  bytes: Buffer,
  plan: Exclude<Plan, { status: 416 }> | undefined,
): Promise<void> {
  let body = bytes;
  if (plan) {
    const { first, last } = plan;
    const shift = first > 0 ? (fault.shift ?? 0) : 0;
    body = Buffer.alloc(last - first + 1);
    bytes.copy(body, 0, first + shift, Math.min(last + 1 + shift, bytes.length));
    const size = fault.contentRange === 'without-size' ? '*' : bytes.length;
    const off = fault.contentRange === 'one-off' ? 1 : 0;
    if (fault.contentRange !== 'missing')
      fields['Content-Range'] = `bytes ${first + off}-${last + off}/${size}`;
  }
  const offered = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  if (fault.gzip === 'always' || (fault.gzip === 'offered' && offered)) {
    body = zlib.gzipSync(body);
    fields['Content-Encoding'] = 'gzip';
  } else if (!fault.chunked) {
    fields['Content-Length'] = String(body.length + ((plan ? fault.rangeLengthOff : fault.lengthOff) ?? 0));
  }
  if (method === 'HEAD') {
    if (fault.head === 'refused') response.writeHead(405).end();
    else
      response
        .writeHead(200, { ...fields, ...(fault.head === 'other-length' && { 'Content-Length': '7' }) })
        .end();
    if (fault.surplusAfter === 'HEAD') socket.write('a body for HEAD');
    return;
  }
  response.writeHead(plan?.status ?? 200, fields);
  if (fault.cut !== undefined && body.length > fault.cut) {
    response.write(body.subarray(0, fault.cut), () => response.destroy());
    return;
  }
  for (let at = 0; fault.rate !== undefined && at < body.length; at += 16_384) {
    if (response.destroyed) return;
    response.write(body.subarray(at, at + 16_384));
    await sleep((16_384 / fault.rate) * 1000);
  }
  if (fault.rate !== undefined) response.end();
  // A length that promises more than there is ends with the connection, as when a program crashes.
  else if (Number(fields['Content-Length'] ?? 0) > body.length) response.write(body, () => socket.destroy());
  else response.end(body);
  if (fault.surplusAfter === 206 && plan) socket.write('and a few bytes more');
}

/** What an answer to other origins needs. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Range, Accept-Ranges, ETag',
};

function set(fields: Record<string, string>, name: string, value: string | null): void {
  if (value === null) delete fields[name];
  else fields[name] = value;
}

function given(fields: Fault['fields'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null),
  );
}

function isFirstOfAPlayer({ method, headers }: http.IncomingMessage): boolean {
  const { range } = headers;
  return (
    method === 'GET' &&
    [undefined, 'bytes=0-', 'bytes=0-1'].includes(range) &&
    !('origin' in headers || 'if-range' in headers || 'if-none-match' in headers) &&
    headers['accept-encoding'] === 'identity'
  );
}

function passesIfRange(fault: Fault, headers: http.IncomingHttpHeaders, etag: string): boolean {
  const condition = headers['if-range'];
  if (condition === undefined || fault.ifRange === 'ignored') return true;
  if (fault.ifRange === 'not-later' && headers.range !== 'bytes=0-1') return false;
  return fault.ifRange !== 'never' && condition === etag && !etag.startsWith('W/');
}

function rangeOf(fault: Fault, { range = '' }: http.IncomingHttpHeaders, size: number): Plan | undefined {
  if (fault.ranges === false) return undefined;
  if (fault.malformed === 'guessed' && range.includes('0x')) return { status: 206, first: 0, last: 1 };
  if (range.includes(',')) {
    return fault.several === 'first-only' ? { status: 206, first: 0, last: 0 } : coalesced(fault, range);
  }
  const match = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (fault.ranges === 'closed-only' && match[2] === '') return undefined;
  if (fault.ranges === 'not-whole' && range === `bytes=0-${size - 1}`) return undefined;
  if (fault.ranges === 'open-only' && match[2] !== '') return undefined;
  let [first, last] = [Number(match[1]), match[2] === '' ? size - 1 : Number(match[2])];
  if (match[1] === '') {
    if (fault.suffix === 'refused') return { status: 416 };
    if (fault.suffix === 'as-prefix') first = 0;
    else [first, last] = [Math.max(0, size - last), size - 1];
  }
  if (match[1] !== '' && match[2] !== '' && first > last) return undefined;
  if (first >= size) return fault.unsatisfiable === 'whole' ? undefined : { status: 416 };
  if (last >= size && fault.pastEnd === 'refused') return { status: 416 };
  last = Math.min(last, size - 1, first + (fault.cap ?? Infinity) - 1);
  return { status: 206, first, last };
}

/** One range that covers all of them, which RFC 9110 §15.3.7.2 allows. */
function coalesced(fault: Fault, range: string): Plan | undefined {
  const numbers = range.match(/\d+/g)!.map(Number);
  if (fault.several === 'ignored') return undefined;
  return { status: 206, first: Math.min(...numbers), last: Math.max(...numbers) };
}
