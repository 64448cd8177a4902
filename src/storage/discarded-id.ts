import { randomBytes } from 'node:crypto';
import type { DiscardedId } from './storage-driver.js';

/** Nine digits of base 36 last until the year 5188. */
const TIME_DIGITS = 9;
const ID = /^[0-9a-z]{9}-[0-9a-f]{32}$/;

let latest = 0;

/** The id of what is discarded at this moment: the time, and 128 random bits. No two of a process have the same time. */
export function newDiscardedId(nowMs: number): DiscardedId {
  latest = Math.max(nowMs, latest + 1);
  const time = latest.toString(36).padStart(TIME_DIGITS, '0');
  return `${time}-${randomBytes(16).toString('hex')}` as DiscardedId;
}

/** Whether a text can be an id: then it is safe as the name of a file, too. */
export function isDiscardedId(text: string): text is DiscardedId {
  return ID.test(text);
}
