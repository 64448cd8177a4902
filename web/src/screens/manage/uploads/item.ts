import { ApiProblem } from '../../../api/problem.ts';
import { fingerprint } from './fingerprint.ts';
import type { NameProblem } from './names.ts';

/** What becomes of a name that is taken; the words of the API's `onConflict`. */
export type ConflictPolicy = 'fail' | 'rename' | 'replace';

/** Why a file was not uploaded: what the server said, or what was seen here. */
export type Reason = ApiProblem | NameProblem | 'unreadable';

/**
 * `asking`: somebody is asked about its name. `paused` alone; when everything is paused, what is to come is `waiting`.
 * `skipped` and `done` are over; `failed` can be tried again.
 */
export type ItemState = 'waiting' | 'running' | 'paused' | 'asking' | 'done' | 'skipped' | 'failed';

/** A file on its way. Plain, so that thousands cost little: who shows it looks again now and then. */
export interface Item {
  readonly id: number;
  /** What was chosen together. */
  readonly batch: string;
  /** Where it goes, from the served folder. */
  readonly path: string;
  /** Undefined for what could not even be read. */
  readonly file: File | undefined;
  readonly size: number;
  readonly fingerprint: string;
  state: ItemState;
  /** Bytes that have arrived, as far as known. */
  sent: number;
  /** The upload at the server, once there is one, and how long it lasts (milliseconds since 1970). */
  url?: string | undefined;
  expires?: number | undefined;
  onConflict: ConflictPolicy;
  /** Failures in a row, without progress in between. */
  failures: number;
  /** `sent` at the last failure. */
  sentBefore: number;
  /** It runs, but waits for the next attempt. */
  isHeldUp: boolean;
  reason?: Reason | undefined;
  /** The path it got, where that is another. */
  storedPath?: string | undefined;
}

let last = 0;

/** A file that has been chosen. @param batch what was chosen together */
export function itemOf(batch: string, path: string, file: File | undefined): Item {
  const { size = 0, lastModified = 0 } = file ?? {};
  return {
    id: ++last,
    batch,
    path,
    file,
    size,
    fingerprint: fingerprint({ path, size, lastModified }),
    state: 'waiting',
    sent: 0,
    onConflict: 'fail',
    failures: 0,
    sentBefore: 0,
    isHeldUp: false,
  };
}

/** Gives it up. */
export function giveUp(item: Item, reason: Reason): void {
  item.state = 'failed';
  item.reason = reason;
  item.isHeldUp = false;
}

/** Whatever was the matter with it counts no longer. */
export function waitAgain(item: Item): void {
  item.state = 'waiting';
  item.failures = 0;
  item.reason = undefined;
}

export function isOver({ state }: Item): boolean {
  return state === 'done' || state === 'skipped' || state === 'failed';
}

/** Whether trying again could help: a name stays what it is, and what could not be read has to be chosen again. */
export function canRetry({ state, file, reason }: Item): boolean {
  return state === 'failed' && file !== undefined && reason instanceof ApiProblem;
}
