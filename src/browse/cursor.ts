import { ProblemError } from '../core/problem/index.js';
import type { ListedObject } from '../storage/storage-driver.js';
import { isSupported, ORDERS, SORT_FIELDS, type EntryOrder } from './entry-order.js';

/**
 * Where a page ended: the order and the last entry in it. The next page begins with the first entry behind that, even
 * if the entry itself has gone by then, so no entry is skipped or sent twice when others come and go.
 */
export interface Cursor extends EntryOrder {
  readonly last: ListedObject;
}

export function printCursor({ sort, order, locale, last }: Cursor): string {
  const { name, kind, size, lastModified } = last;
  return Buffer.from(JSON.stringify([sort, order, locale, name, kind, size, lastModified])).toString(
    'base64url',
  );
}

/** @throws ProblemError validation-failed when this is no cursor of ours. */
export function parseCursor(text: string): Cursor {
  const [sort, order, locale, name, kind, size, lastModified] = parse(text);
  const isCursor =
    SORT_FIELDS.some((field) => field === sort) &&
    ORDERS.some((known) => known === order) &&
    typeof locale === 'string' &&
    isSupported(locale) &&
    typeof name === 'string' &&
    (kind === 'file' || kind === 'folder') &&
    typeof size === 'number' &&
    typeof lastModified === 'number';
  if (!isCursor) {
    throw new ProblemError('validation-failed', 'The cursor is not one that a listing has given out.', {
      extensions: { errors: [{ name: 'cursor', detail: 'take it from links.next, or leave it out' }] },
    });
  }
  return { sort, order, locale, last: { name, kind, size, lastModified } } as Cursor;
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
