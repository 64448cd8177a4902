import type { EntityTag } from './entity-tag.js';

/** What identifies one version of a representation (RFC 9110 §8.8). */
export interface Validators {
  readonly etag: EntityTag;
  /** Milliseconds since the epoch; HTTP sees whole seconds. */
  readonly lastModified: number;
}

/**
 * The Last-Modified time as HTTP tells it: whole seconds, and never after the moment of the answer
 * (RFC 9110 §8.8.2.1), whatever clock the file was written by.
 */
export function lastModifiedSecond(validators: Validators, now: number): number {
  return toSecond(Math.min(validators.lastModified, now));
}

/**
 * A modification date is a strong validator only once its second is over: before that the bytes may change again
 * and keep the date (RFC 9110 §8.8.2.2).
 */
export function hasStrongLastModified(validators: Validators, now: number): boolean {
  return toSecond(validators.lastModified) < toSecond(now);
}

function toSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
