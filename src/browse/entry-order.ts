import { mediaTypeOf } from '../core/http/index.js';
import type { ListedObject } from '../storage/storage-driver.js';

export const SORT_FIELDS = ['name', 'size', 'modified', 'type'] as const;
export const ORDERS = ['asc', 'desc'] as const;

export interface EntryOrder {
  readonly sort: (typeof SORT_FIELDS)[number];
  readonly order: (typeof ORDERS)[number];
  /** BCP 47 language tag whose alphabet sorts the names. */
  readonly locale: string;
}

/** Negative when `a` stands before `b`. Total: two different entries of a folder never compare equal. */
export type Comparison = (a: ListedObject, b: ListedObject) => number;

/**
 * Folders stand before files. Names sort naturally ("2" before "10"), by the alphabet of the locale and without regard
 * to letter case; entries that are equal otherwise sort by name, ascending.
 */
export function compareEntries({ sort, order, locale }: EntryOrder): Comparison {
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'accent' });
  const byName: Comparison = (a, b) => collator.compare(a.name, b.name) || byCodeUnits(a.name, b.name);
  const field = FIELDS[sort] ?? byName;
  const sign = order === 'asc' ? 1 : -1;
  return (a, b) => byFolder(a, b) || sign * field(a, b) || byName(a, b);
}

/** The first language of an Accept-Language field that can be sorted by, or English (RFC 9110 §12.5.4). */
export function localeFrom(acceptLanguage: string | undefined): string {
  for (const range of acceptLanguage?.split(',') ?? []) {
    const tag = range.split(';', 1)[0]!.trim();
    if (/^[A-Za-z]{2,3}(?:-[A-Za-z\d]{2,8})*$/.test(tag) && isSupported(tag)) return tag;
  }
  return 'en';
}

export function isSupported(locale: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

const FIELDS: Readonly<Partial<Record<EntryOrder['sort'], Comparison>>> = {
  size: (a, b) => a.size - b.size,
  modified: (a, b) => a.lastModified - b.lastModified,
  type: (a, b) => byCodeUnits(mediaTypeOf(a.name), mediaTypeOf(b.name)),
};

function byFolder(a: ListedObject, b: ListedObject): number {
  return Number(b.kind === 'folder') - Number(a.kind === 'folder');
}

function byCodeUnits(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
