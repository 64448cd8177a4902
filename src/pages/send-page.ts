import type { Request, Response } from 'express';
import {
  evaluatePreconditions,
  formatEntityTag,
  readConditions,
  type EntityTag,
  type Headers,
} from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';

/** Bytes in memory, and the name of exactly these. */
export interface PageBody {
  readonly bytes: Buffer;
  /** Strong. */
  readonly etag: EntityTag;
}

/**
 * Answers with a body from memory: If-Match, If-None-Match (RFC 9110 §13.1), HEAD. There are no dates, which say nothing
 * of what is built anew or made for one request, and no ranges of something so short.
 * @param cacheControl said of a 304 too
 * @param headers what else describes the body
 * @throws ProblemError precondition-failed
 */
export function sendPage(
  request: Request,
  response: Response,
  { bytes, etag }: PageBody,
  cacheControl: string,
  headers: Headers,
): void {
  const { method, ifMatch, ifNoneMatch } = readConditions(request.method, request.headers);
  const outcome = evaluatePreconditions(
    { method, ifMatch, ifNoneMatch },
    { etag, lastModified: 0 },
    Date.now(),
  );
  if (outcome === 'precondition-failed')
    throw new ProblemError(outcome, 'The page is not the version the request asked for. Fetch it anew.');
  response.setHeader('ETag', formatEntityTag(etag));
  response.setHeader('Cache-Control', cacheControl);
  if (outcome === 'not-modified') {
    response.statusCode = 304;
    response.end();
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', bytes.length);
  response.end(method === 'HEAD' ? undefined : bytes);
}
