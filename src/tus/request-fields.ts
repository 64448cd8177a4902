import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../core/problem/index.js';
import { invalidField } from './invalid-field.js';
import { CHUNK_TYPE, TUS_VERSION } from './protocol.js';
import { readChecksum, type Checksum } from './upload-checksum.js';
import { readTarget, type UploadTarget } from './upload-target.js';

/** What a request to create an upload says. */
export interface Creation {
  readonly target: UploadTarget;
  /** `Upload-Metadata` as it came: HEAD gives it back. */
  readonly metadata: string;
  /** In bytes; null when it will be said later. */
  readonly length: number | null;
}

/** What is said of bytes that are appended. */
export interface Chunk {
  readonly offset: number;
  /** What the whole upload will have, where that is said only now. */
  readonly length: number | undefined;
  /** What Content-Length announces; undefined for a body in chunks. */
  readonly size: number | undefined;
  readonly checksum: Checksum | undefined;
}

/** @throws ProblemError unsupported-tus-version */
export function demandVersion({ headers }: IncomingMessage): void {
  if (headers['tus-resumable'] === TUS_VERSION) return;
  throw new ProblemError('unsupported-tus-version', `Send Tus-Resumable: ${TUS_VERSION} with each request.`, {
    headers: { 'Tus-Version': TUS_VERSION },
  });
}

/** @throws ProblemError validation-failed; InvalidPathError */
export function readCreation(request: IncomingMessage): Creation {
  const { headers } = request;
  const metadata = textOf(request, 'Upload-Metadata') ?? '';
  const length = readCount(request, 'Upload-Length');
  const isDeferred = headers['upload-defer-length'] !== undefined;
  if (headers['upload-concat'] !== undefined)
    throw invalidField('Upload-Concat', 'is not supported; send the file as one upload');
  if (isDeferred && headers['upload-defer-length'] !== '1')
    throw invalidField('Upload-Defer-Length', 'must be 1');
  if (isDeferred === (length !== undefined))
    throw invalidField(
      'Upload-Length',
      'must say how many bytes the file has, unless Upload-Defer-Length: 1 says that it will come later',
    );
  return { target: readTarget(metadata), metadata, length: length ?? null };
}

/** @throws ProblemError validation-failed, unsupported-media-type */
export function readChunk(request: IncomingMessage): Chunk {
  const offset = readCount(request, 'Upload-Offset');
  if (offset === undefined) throw invalidField('Upload-Offset', 'must say where the bytes begin');
  demandChunkType(request);
  return { ...chunkFields(request), offset, length: readCount(request, 'Upload-Length') };
}

/** The bytes that come with the creation, if any. @throws as {@link readChunk} */
export function readFirstChunk(request: IncomingMessage): Chunk | undefined {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || (sizeOf(request) ?? 0) > 0;
  if (!hasBody) return undefined;
  demandChunkType(request);
  return { ...chunkFields(request), offset: 0, length: undefined };
}

function chunkFields(request: IncomingMessage): Pick<Chunk, 'size' | 'checksum'> {
  return { size: sizeOf(request), checksum: readChecksum(textOf(request, 'Upload-Checksum')) };
}

function demandChunkType({ headers }: IncomingMessage): void {
  if (headers['content-type']?.toLowerCase() === CHUNK_TYPE) return;
  throw new ProblemError('unsupported-media-type', `Send the bytes with Content-Type: ${CHUNK_TYPE}.`);
}

/** Node has held it against the grammar. */
function sizeOf({ headers }: IncomingMessage): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

function readCount(request: IncomingMessage, name: string): number | undefined {
  const text = textOf(request, name);
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(count)) throw invalidField(name, 'must be a whole number of bytes, in digits');
  return count;
}

/** Node joins fields that came several times. */
function textOf({ headers }: IncomingMessage, name: string): string | undefined {
  return headers[name.toLowerCase()] as string | undefined;
}
