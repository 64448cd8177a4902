import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FolderListing } from '../../src/browse/entries.controller.js';
import { parseRules } from '../../src/core/access/index.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { basic, user } from '../support/users.js';

const LISTING = '/api/v1/entries/many';
const FILES = 2000;
const FOLDERS = 500;
const SORTS = ['name', 'size', 'modified', 'type'];
const ALICE = basic('alice', 'right');

function fill(folder: string): void {
  mkdirSync(folder);
  for (let index = 0; index < FOLDERS; index++) {
    const name = path.join(folder, `folder ${index}`);
    mkdirSync(name);
    utimesSync(name, 0, 1_000_000 + (index % 11));
  }
  for (let index = 0; index < FILES; index++) {
    const name = path.join(folder, `file ${index}.${['mp3', 'mp4', 'txt'][index % 3]}`);
    writeFileSync(name, '');
    truncateSync(name, index % 50);
    utimesSync(name, 0, 1_000_000 + (index % 7));
  }
}

describe('pages at offsets', () => {
  let root: string;
  let open: Playhead;
  let closed: Playhead;
  beforeAll(async () => {
    root = await makeFolder();
    fill(path.join(root, 'many'));
    open = await startPlayhead({ root });
    closed = await startPlayhead({
      root,
      users: [user('alice', 'right', '/many:r,/many/file 1.mp4:-,/many/folder 3:-')],
      rules: parseRules(
        '/many:-,/many/folder 7:r,/many/folder 9/inner:r,/many/file 2.txt:r,/many/file 10.mp4:r',
      ),
    });
  });
  afterAll(async () => {
    await open.close();
    await closed.close();
    await rm(root, { recursive: true });
  });

  const ask = async (url: string, headers = {}, server = open) => {
    const { status, json } = await server.http.get(url, headers);
    expect(status).toBe(200);
    return json as unknown as FolderListing;
  };
  const pathsOf = (listings: readonly FolderListing[]) =>
    listings.flatMap(({ entries }) => entries.map((entry) => entry.path));
  /** All pages from this one on, by their links. */
  const follow = async (url: string, headers = {}, server = open) => {
    const listings = [await ask(url, headers, server)];
    for (let next = listings[0]!.links.next; next !== undefined; next = listings.at(-1)!.links.next)
      listings.push(await ask(next, headers, server));
    return listings;
  };

  it.each(SORTS.flatMap((sort) => ['asc', 'desc'].map((order) => [sort, order])))(
    'by %s, %s, are together what following the links gives',
    async (sort, order) => {
      const url = `${LISTING}?sort=${sort}&order=${order}&limit=333`;
      const whole = pathsOf(await follow(url));
      expect(new Set(whole).size).toBe(FILES + FOLDERS);
      // The last one first, and all at once.
      const offsets = Array.from({ length: 8 }, (_, index) => 333 * (7 - index));
      const listings = await Promise.all(offsets.map((offset) => ask(`${url}&offset=${offset}`)));
      expect(listings.map(({ offset }) => offset)).toEqual(offsets);
      expect(pathsOf(listings.toReversed())).toEqual(whole);
      for (const { totals } of listings) expect(totals).toMatchObject({ folders: FOLDERS, files: FILES });
      expect(listings.map(({ links }) => links.next !== undefined)).toEqual(offsets.map((at) => at !== 2331));
    },
  );

  it.each(SORTS)('by %s, are for each of what they may see', async (sort) => {
    for (const [headers, expected] of [
      [{}, 4],
      [ALICE, FILES + FOLDERS - 2],
    ] as const) {
      const url = `${LISTING}?sort=${sort}&order=desc&limit=`;
      const whole = pathsOf(await follow(`${url}1000`, headers, closed));
      expect(whole).toHaveLength(expected);
      const offsets = expected === 4 ? [0, 1, 2, 3] : [0, 1000, 2000];
      const limit = expected === 4 ? 1 : 1000;
      const listings = await Promise.all(
        offsets.map((offset) => ask(`${url}${limit}&offset=${offset}`, headers, closed)),
      );
      expect(pathsOf(listings)).toEqual(whole);
    }
  });

  it('are of what matches', async () => {
    const url = `${LISTING}?q=file+1&limit=400`;
    const whole = pathsOf(await follow(url));
    const { entries, totals, offset } = await ask(`${url}&offset=700`);
    expect(entries.map((entry) => entry.path)).toEqual(whole.slice(700, 1100));
    expect([totals.folders, totals.files, offset]).toEqual([0, whole.length, 700]);
  });

  it('go on behind their last entry, where the page then does not know its offset', async () => {
    const first = await ask(`${LISTING}?limit=10`);
    expect(first.offset).toBe(0);
    const [page, next] = await follow(`${LISTING}?limit=1000&offset=1200`);
    expect([page!.offset, next!.offset]).toEqual([1200, null]);
    const at2200 = await ask(`${LISTING}?limit=1000&offset=2200`);
    expect(next!.entries).toEqual(at2200.entries);
  });

  it('are empty behind the end, and in an empty folder', async () => {
    const behind = await ask(`${LISTING}?offset=2500`);
    expect([behind.entries, behind.offset, behind.links.next]).toEqual([[], 2500, undefined]);
    expect((await ask(`${LISTING}?offset=1000000000`)).entries).toEqual([]);
    expect((await ask(`${LISTING}/folder%200?offset=0`)).entries).toEqual([]);
  });

  it('show a change of the folder at once', async () => {
    const url = '/api/v1/entries/many/folder%200?offset=0';
    const at = (name: string) => path.join(root, 'many/folder 0', name);
    await writeFile(at('b'), '');
    expect(pathsOf([await ask(url)])).toEqual(['many/folder 0/b']);
    await writeFile(at('a'), '');
    expect(pathsOf([await ask(url)])).toEqual(['many/folder 0/a', 'many/folder 0/b']);
    await rm(at('a'));
    await rm(at('b'));
  });

  it.each(['-1', '1000000001', '1e3', '1.5', '', 'x', '1&offset=2', '12345678901'])(
    'are refused at %s',
    async (offset) => {
      const { status, json } = await open.http.get(`${LISTING}?offset=${offset}`);
      expect(status).toBe(400);
      expect(json).toMatchObject({ type: '/problems/validation-failed', errors: [{ name: 'offset' }] });
    },
  );

  it('are refused behind a cursor', async () => {
    const { links } = await ask(`${LISTING}?limit=10`);
    const { status, json } = await open.http.get(`${links.next}&offset=0`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ type: '/problems/validation-failed', errors: [{ name: 'offset' }] });
  });
});
