import { constants } from 'node:zlib';
import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

/**
 * What answers in JSON or by pages that the server writes itself. All else is sent as it is: stored bytes and everything
 * with ranges, whose length and tag are those of the bytes; archives and events; and what has secrets in it, the session
 * and links, so that no length tells of them.
 */
const COMPRESSED = /^\/(?:api\/v1\/(?:entries|inspections|optimizations|trash)|problems)(?=[/?]|$)/;
const TYPES = /^(?:application\/json|text\/html)(?=;|$)/;
/** In bytes: less fits into a packet anyway. */
const SMALLEST = 1024;
/** Answers compressed at the same time. */
const MOST = 64;

/** Little memory for each: listings repeat themselves every few hundred bytes (zlib.h, "Memory requirements"). */
const GZIP = { windowBits: 13, memLevel: 7 };
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 16 },
};

/** Compresses answers of some length, as the client takes them (RFC 9110 §12.5.3). */
export function compressAnswers(): RequestHandler {
  const compress = compression({ threshold: SMALLEST, filter: isCompressible, ...GZIP, brotli: BROTLI });
  let underway = 0;
  return (request, response, next) => {
    if (!COMPRESSED.test(request.url)) return next();
    const headers = underway < MOST ? request.headers : {};
    underway++;
    response.once('close', () => underway--);
    // HEAD looks like GET: it has the same fields then, and Node leaves the content out (RFC 9110 §9.3.2).
    compress({ method: 'GET', headers } as Request, response, next);
  };
}

function isCompressible(_: Request, response: Response): boolean {
  return TYPES.test(String(response.getHeader('Content-Type'))) && !response.hasHeader('Accept-Ranges');
}
