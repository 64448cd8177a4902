import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../core/problem/index.js';

/**
 * A small body of JSON. Its declared type must say so: forms of other sites cannot.
 * @param limit in bytes
 * @throws ProblemError validation-failed
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    throw invalidBody('must be JSON, with Content-Type: application/json');
  const chunks: Buffer[] = [];
  let length = 0;
  // The request is still to be answered, whatever is wrong with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw invalidBody(`must not be longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw invalidBody('is no JSON');
  }
}

/** @param detail what is wrong with the body */
export function invalidBody(detail: string): ProblemError {
  return new ProblemError('validation-failed', 'The body is not what this takes; `errors` says why.', {
    extensions: { errors: [{ name: 'body', detail }] },
  });
}
