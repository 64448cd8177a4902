import type { IncomingHttpHeaders } from 'node:http';
import { demandConditions, parseDigests, wantedDigest, type Digests } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { WriteOptions } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

/**
 * What the header of a PUT says of the content and of what it may replace.
 * @param limit bytes that one file may have; null for any number
 * @throws ProblemError malformed-request, unsupported-media-type; StorageError `digest-mismatch` when two digests contradict
 * each other
 */
export function uploadOptions(headers: IncomingHttpHeaders, limit: number | null): WriteOptions {
  // RFC 9110 §14.5: a part of a file, taken for all of it, would destroy the rest.
  if (headers['content-range'] !== undefined) {
    throw new ProblemError(
      'malformed-request',
      'A PUT is the whole file: Content-Range is not understood. Large files can be sent in pieces at /api/v1/uploads.',
    );
  }
  refuseCoding(headers['content-encoding']);
  const want = fieldOf(headers, 'Want-Repr-Digest');
  const wanted = want === undefined ? undefined : wantedDigest('Want-Repr-Digest', want);
  return {
    conditions: demandConditions('PUT', headers),
    onConflict: 'replace',
    length: announcedLength(headers),
    ...(limit !== null && { limit }),
    expectedDigests: announcedDigests(headers),
    ...(wanted && { wantedDigests: [wanted] }),
  };
}

/**
 * What is stored is what is sent, so nothing may be coded on the way.
 * @throws ProblemError unsupported-media-type
 */
export function refuseCoding(coding: string | undefined): void {
  if (coding === undefined || /^\s*identity\s*$/i.test(coding)) return;
  // RFC 9110 §15.5.16: the field tells what would have been taken.
  throw new ProblemError('unsupported-media-type', 'Send the file as it is, without a Content-Encoding.', {
    headers: { 'Accept-Encoding': 'identity' },
  });
}

/** In bytes; undefined when it is not known before the end (RFC 9112 §6.3). */
function announcedLength(headers: IncomingHttpHeaders): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
}

/** Without a coding the content is the representation, so both fields are about the same bytes. */
function announcedDigests(headers: IncomingHttpHeaders): Digests {
  const [content, representation] = [
    readDigests(headers, 'Content-Digest'),
    readDigests(headers, 'Repr-Digest'),
  ];
  for (const [algorithm, digest] of Object.entries(content)) {
    const other = representation[algorithm as keyof Digests];
    if (other && Buffer.compare(digest, other) !== 0) throw new StorageError('digest-mismatch');
  }
  return { ...content, ...representation };
}

function readDigests(headers: IncomingHttpHeaders, name: string): Digests {
  const value = fieldOf(headers, name);
  return value === undefined ? {} : parseDigests(name, value);
}

function fieldOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name.toLowerCase()] as string | undefined;
}
