import type { Readable } from 'node:stream';
import { MultipartError, parseParameters, readParts } from '../core/multipart/index.js';
import { ProblemError } from '../core/problem/index.js';

/** A file in a form. */
export interface FormFile {
  /** As the client calls it, with the folders it is in. */
  readonly name: string;
  /** To be read before the next file is asked for; what is left of it by then is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Files of one form. */
const MOST_FILES = 10_000;
/** RFC 2046 §5.1.1 */
const BOUNDARY = /^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/;

/**
 * The files of a body in multipart/form-data (RFC 7578), one after the other: the parts that have a file name. Fields,
 * and files that were not chosen, are skipped.
 * @param body is left open when the files are not all taken
 * @throws ProblemError malformed-request, content-too-large; MultipartError, when a content is read as well; what the
 * body throws
 */
export async function* formFiles(body: Readable, contentType: string): AsyncGenerator<FormFile> {
  const boundary = parseParameters(contentType).get('boundary') ?? '';
  if (!BOUNDARY.test(boundary))
    throw new ProblemError('malformed-request', 'The Content-Type of a form needs a boundary.');
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let count = 0;
  for await (const { headers, content } of readParts(pieces, boundary)) {
    const name = parseParameters(headers.get('content-disposition') ?? '').get('filename') ?? '';
    if (name === '') continue;
    if (++count > MOST_FILES) {
      const detail = `One form may have ${MOST_FILES} files. Send the rest in another.`;
      throw new ProblemError('content-too-large', detail);
    }
    yield { name, content };
  }
}

/** What is wrong with a form is wrong with the request. */
export function toFormProblem(error: unknown): unknown {
  return error instanceof MultipartError ? new ProblemError('malformed-request', error.message) : error;
}
