import type { Logger } from '@nestjs/common';
import { entryUrl, fileUrl, streamUrl } from '../files/resource-urls.js';
import type { Optimization, OptimizationState } from '../optimize/optimizations.js';
import { RewriteError } from '../optimize/rewrite-error.js';
import type { RewriteResult } from '../optimize/rewrite-file.js';
import { StorageError } from '../storage/storage-error.js';
import type { OptimizationJob } from './optimization-job.js';

/** A job as clients see it. */
export interface OptimizationResource {
  readonly id: string;
  /** Path of the file below the root, decoded. */
  readonly path: string;
  readonly keepOriginal: boolean;
  readonly state: OptimizationState;
  /** In bytes; the total is null until it is known. */
  readonly progress: { readonly written: number; readonly total: number | null };
  /** RFC 3339; null until it is so far. */
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  /** When it is done. */
  readonly result: RewriteResult | null;
  /** When it has failed. */
  readonly error: Failure | null;
  readonly links: Readonly<Record<'self' | 'file' | 'stream' | 'entry', string>>;
}

/** Why a job failed: a stable word, and a sentence. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
}

export function optimizationUrl({ work }: OptimizationJob): string {
  return `/api/v1/optimizations/${work.id}`;
}

export function toResource(job: OptimizationJob): OptimizationResource {
  const { key, keepOriginal, work, created, started, ended } = job;
  const { id, state, progress, result } = work;
  return {
    id,
    path: key,
    keepOriginal,
    state,
    progress: { written: progress.written, total: progress.total ?? null },
    created: new Date(created).toISOString(),
    started: started === undefined ? null : new Date(started).toISOString(),
    ended: ended === undefined ? null : new Date(ended).toISOString(),
    result: result ?? null,
    error: state === 'failed' ? failureOf(work) : null,
    links: { self: optimizationUrl(job), file: fileUrl(key), stream: streamUrl(key), entry: entryUrl(key) },
  };
}

/** What is not known to be harmless stays in the log. */
export function failureOf({ error }: Optimization): Failure {
  if (error instanceof RewriteError) return { reason: error.reason, message: error.message };
  if (error instanceof StorageError)
    return { reason: error.reason, message: REFUSALS[error.reason] ?? 'The storage refused it.' };
  return { reason: 'internal', message: 'The server met an error it did not expect; it is in its log.' };
}

const REFUSALS: Readonly<Partial<Record<StorageError['reason'], string>>> = {
  missing: 'It is not there any more.',
  'is-folder': 'A folder has taken its place.',
  denied: 'The account of the server may not write where it keeps its state.',
  full: 'There is no room for the new file.',
  unavailable: 'The storage does not answer; try again in a moment.',
};

/** Puts an error that nobody expected into the log. */
export function logUnexpected(logger: Logger, { error }: Optimization): void {
  if (error instanceof RewriteError || error instanceof StorageError) return;
  logger.error({ err: error as Error }, 'an optimization failed');
}
