import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AccessRules, parseRules } from '../core/access/index.js';
import { objectKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { MemoryDriver } from '../storage/drivers/memory/memory-driver.js';
import type { ListedObject } from '../storage/storage-driver.js';
import { ListingService, type ListingRequest } from './listing.service.js';

const EMPTY = new Uint8Array();
const ALL = new AccessRules(parseRules('/:r'));
const request: ListingRequest = {
  sort: 'name',
  order: 'asc',
  locale: 'en',
  hidden: false,
  limit: 3,
  rules: ALL,
};

/** As other storages do, lists what there is in batches. */
class BatchedDriver extends MemoryDriver {
  override async *list(key: ObjectKey): AsyncGenerator<ListedObject[]> {
    for await (const all of super.list(key))
      for (let start = 0; start < all.length; start += 1000) yield all.slice(start, start + 1000);
  }
}

describe('a page at an offset', () => {
  let storage: MemoryDriver;
  let listing: ListingService;
  let read: jest.SpiedFunction<MemoryDriver['list']>;
  const fill = (count: number) => {
    for (let index = 0; index < count; index++)
      storage.put(objectKey([`file ${(index * 7919) % count}.mp3`]), EMPTY, index);
  };
  const names = async (changes: Partial<ListingRequest>, version = 1) =>
    (await listing.page(ROOT_KEY, version, { ...request, ...changes })).entries.map(({ name }) => name);
  beforeEach(() => {
    storage = new BatchedDriver();
    read = jest.spyOn(storage, 'list');
    listing = new ListingService(storage);
  });

  it('is found in the middle of 100,000 entries, reading and sorting them once', async () => {
    fill(100_000);
    expect(await names({ offset: 54_321 })).toEqual(['file 54321.mp3', 'file 54322.mp3', 'file 54323.mp3']);
    const begun = performance.now();
    for (let offset = 0; offset < 100_000; offset += 1000)
      expect((await names({ offset }))[0]).toBe(`file ${offset}.mp3`);
    // Sorting alone takes longer than all of these.
    expect(performance.now() - begun).toBeLessThan(250);
    expect(read).toHaveBeenCalledTimes(1);
    expect(await names({ offset: 99_999 })).toEqual(['file 99999.mp3']);
    expect(await names({ offset: 1_000_000_000 })).toEqual([]);
  });

  it('is cut from one order for all who ask at the same time', async () => {
    fill(5000);
    const pages = await Promise.all([0, 2000, 4000].map((offset) => names({ offset })));
    expect(pages.map(([first]) => first)).toEqual(['file 0.mp3', 'file 2000.mp3', 'file 4000.mp3']);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is of the folder as it is when it has changed, or after some seconds', async () => {
    fill(5);
    expect(await names({ offset: 4 })).toEqual(['file 4.mp3']);
    storage.put(objectKey(['file 1a.mp3']), EMPTY);
    expect(await names({ offset: 4 })).toEqual(['file 4.mp3']);
    expect(await names({ offset: 4 }, 2)).toEqual(['file 3.mp3', 'file 4.mp3']);
    storage.put(objectKey(['file 1b.mp3']), EMPTY);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 6000);
    try {
      expect(await names({ offset: 5 }, 2)).toEqual(['file 3.mp3', 'file 4.mp3']);
    } finally {
      now.mockRestore();
    }
  });

  it('is what its reader sees of what they ask for, whoever has asked before', async () => {
    for (const name of ['a', 'b', 'c', 'd']) storage.put(objectKey([`${name}.txt`]), EMPTY);
    storage.put(objectKey(['way', 'to', 'it.txt']), EMPTY, 5);
    const most = new AccessRules(parseRules('/:r,/b.txt:-'));
    const little = new AccessRules(parseRules('/c.txt:r,/way/to:r'));
    for (let round = 0; round < 2; round++) {
      expect(await names({ offset: 1 })).toEqual(['a.txt', 'b.txt', 'c.txt']);
      expect(await names({ offset: 1, rules: most })).toEqual(['a.txt', 'c.txt', 'd.txt']);
      expect(await names({ offset: 0, rules: little })).toEqual(['way', 'c.txt']);
      expect(await names({ offset: 0, q: 'D' })).toEqual(['d.txt']);
      expect(await names({ offset: 0, q: 'D', rules: little })).toEqual([]);
    }
    const page = await listing.page(ROOT_KEY, 1, { ...request, offset: 0, rules: little });
    expect(page.entries[0]).toMatchObject({ name: 'way', lastModified: 0 });
    expect(page.totals).toEqual({ folders: 1, files: 1, bytes: 0 });
  });

  it('is refused where more matches than is held in memory, and not where less does', async () => {
    for (let index = 0; index < 200_001; index++) storage.put(objectKey([`${index}.txt`]), EMPTY);
    await expect(names({ offset: 0 })).rejects.toMatchObject({
      message: 'More than 200000 entries match.',
      extensions: { errors: [{ name: 'offset' }] },
    });
    expect(await names({ offset: 0, q: '20000' })).toEqual(['20000.txt', '120000.txt', '200000.txt']);
  });
});
