/** An entity tag (RFC 9110 §8.8.3): `opaque` is the text between the quotes. */
export interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

/** etagc = %x21 / %x23-7E / obs-text; Node hands header bytes over as Latin-1. */
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const SEPARATOR = /[ \t]*(?:,[ \t]*)+|[ \t]*$/y;

const LIST = /^(?:\*|(?:[, \t]*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?=,|$))+[, \t]*)$/;

/** Parses exactly one entity tag, or answers undefined. */
export function parseEntityTag(text: string): EntityTag | undefined {
  TAG.lastIndex = 0;
  const match = TAG.exec(text);
  return match?.[0].length === text.length ? toTag(match) : undefined;
}

/**
 * Parses the value of If-Match or If-None-Match: `*` or a list of tags. A tag list is not split at commas, since a
 * tag may hold one. What follows a malformed member is not looked at: it can match nothing.
 */
export function parseEntityTagList(text: string): '*' | EntityTag[] {
  const value = text.trim();
  if (value === '*') return '*';
  const tags: EntityTag[] = [];
  let position = /^[, \t]*/.exec(value)![0].length;
  while (position < value.length) {
    TAG.lastIndex = position;
    const match = TAG.exec(value);
    if (!match) break;
    SEPARATOR.lastIndex = TAG.lastIndex;
    if (!SEPARATOR.test(value)) break;
    tags.push(toTag(match));
    position = SEPARATOR.lastIndex;
  }
  return tags;
}

/** Whether all of the value is what If-Match and If-None-Match may hold (RFC 9110 §13.1.1), empty members included. */
export function isEntityTagList(text: string): boolean {
  return LIST.test(text.trim());
}

function toTag(match: RegExpExecArray): EntityTag {
  return { weak: match[1] !== undefined, opaque: match[2]! };
}

export function formatEntityTag(tag: EntityTag): string {
  return `${tag.weak ? 'W/' : ''}"${tag.opaque}"`;
}

/** Strong comparison (RFC 9110 §8.8.3.2): equal and neither is weak. */
export function strongEquals(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/** Weak comparison (RFC 9110 §8.8.3.2): equal, weak or not. */
export function weakEquals(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}
