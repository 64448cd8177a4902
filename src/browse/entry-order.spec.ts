import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ListedObject } from '../storage/storage-driver.js';
import { compareEntries, localeFrom, type EntryOrder } from './entry-order.js';
import { entryKind } from './entry-kind.js';
import { firstOf } from './first-of.js';

const file = (name: string, size = 0, lastModified = 0): ListedObject => ({
  name,
  kind: 'file',
  size,
  lastModified,
});
const folder = (name: string): ListedObject => ({ name, kind: 'folder', size: 0, lastModified: 0 });
const sorted = (entries: ListedObject[], order: Partial<EntryOrder> = {}) =>
  [...entries]
    .sort(compareEntries({ sort: 'name', order: 'asc', locale: 'en', ...order }))
    .map(({ name }) => name);

describe('the order of entries', () => {
  it('is natural, without regard to case, folders first', () => {
    const entries = ['track 10', 'track 2', 'Track 1', 'zebra', 'Äpfel', 'apple'].map((name) => file(name));
    expect(sorted([...entries, folder('zoo')])).toEqual([
      'zoo',
      'Äpfel',
      'apple',
      'Track 1',
      'track 2',
      'track 10',
      'zebra',
    ]);
  });

  it('follows the alphabet of the locale', () => {
    const entries = [file('zebra'), file('ärm'), file('arm')];
    expect(sorted(entries, { locale: 'de' })).toEqual(['arm', 'ärm', 'zebra']);
    expect(sorted(entries, { locale: 'sv' })).toEqual(['arm', 'zebra', 'ärm']);
  });

  it('sorts by size, time and type, and by name where those are equal', () => {
    const entries = [file('b.mp4', 2, 1), file('a.mp3', 2, 3), file('c.mp3', 1, 2)];
    expect(sorted(entries, { sort: 'size' })).toEqual(['c.mp3', 'a.mp3', 'b.mp4']);
    expect(sorted(entries, { sort: 'size', order: 'desc' })).toEqual(['a.mp3', 'b.mp4', 'c.mp3']);
    expect(sorted(entries, { sort: 'modified', order: 'desc' })).toEqual(['a.mp3', 'c.mp3', 'b.mp4']);
    expect(sorted(entries, { sort: 'type' })).toEqual(['a.mp3', 'c.mp3', 'b.mp4']);
  });

  it('is total: only an entry equals itself', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('é', 'é', 'E', 'e', '01', '1', 'a', 'A'));
    const order = fc.record({
      sort: fc.constantFrom('name', 'size', 'type'),
      order: fc.constantFrom('asc', 'desc'),
    });
    fc.assert(
      fc.property(name, name, order, (a, b, chosen) => {
        const compare = compareEntries({ locale: 'en', ...(chosen as Pick<EntryOrder, 'sort' | 'order'>) });
        expect(Math.sign(compare(file(a), file(b)))).toBe(-Math.sign(compare(file(b), file(a))) + 0);
        if (a !== b) expect(compare(file(a), file(b))).not.toBe(0);
      }),
    );
  });

  it.each([
    [undefined, 'en'],
    ['sv-SE,sv;q=0.9,en;q=0.5', 'sv-SE'],
    ['*', 'en'],
    ['xx-nonsense, de', 'de'],
    ['"><script>', 'en'],
  ])('Accept-Language %s sorts by %s', (field, locale) => {
    expect(localeFrom(field)).toBe(locale);
  });
});

describe('firstOf', () => {
  it('keeps what sorting everything would put first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 20 }), (values, count) => {
        const first = firstOf<number>(count, (a, b) => a - b);
        values.forEach((value) => first.offer(value));
        expect(first.taken()).toEqual([...values].sort((a, b) => a - b).slice(0, count));
      }),
    );
  });
});

it.each([
  ['video/mp4', 'video'],
  ['audio/mpegurl', 'audio'],
  ['application/vnd.apple.mpegurl', 'video'],
  ['image/svg+xml', 'image'],
  ['text/vtt', 'subtitle'],
  ['application/x-subrip', 'subtitle'],
  ['text/plain', 'text'],
  ['application/json', 'text'],
  ['application/zip', 'archive'],
  ['application/gzip', 'archive'],
  ['application/pdf', 'other'],
  ['application/octet-stream', 'other'],
])('%s is of kind %s', (mediaType, kind) => {
  expect(entryKind(mediaType)).toBe(kind);
});

it.each([
  [1316, 'video'],
  [1920, 'video'],
  [1317, 'text'],
  [2_000_001, 'video'],
])('of %i bytes what is named .ts is of kind %s', (size, kind) => {
  expect(entryKind('video/mp2t', size)).toBe(kind);
});
