import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readVector } from '../core/bytes/index.js';
import { ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { key, refusal } from './driver-contract-tools.js';
import type { DriverHarness } from './driver-contract-harness.js';
import type { ListedObject } from './storage-driver.js';
import { describeMoving } from './driver-move-contract.js';
import { describeTrash } from './driver-trash-contract.js';
import { describeWriting } from './driver-write-contract.js';

/** What every storage driver promises. Run by the spec of each. */
export function describeDriver(name: string, create: () => Promise<DriverHarness>): void {
  describe(`${name} as a storage driver`, () => {
    let harness: DriverHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.dispose());

    const read = async (path: string) => {
      const object = await harness.driver.open(key(path));
      try {
        return String(await buffer(object.source.stream(0, object.source.size)));
      } finally {
        await object.close();
      }
    };

    it('opens what was stored', async () => {
      await harness.put(key('a/film.mp4'), '0123456789');
      const object = await harness.driver.open(key('a/film.mp4'));
      expect(object).toMatchObject({ key: 'a/film.mp4', mediaType: 'video/mp4' });
      expect(object.source.size).toBe(10);
      expect(object.validators.etag).toMatchObject({
        weak: false,
        opaque: expect.stringMatching(/^[\w-]+$/),
      });
      expect(Math.abs(Date.now() - object.validators.lastModified)).toBeLessThan(60_000);
      await object.close();
    });

    it('reads and streams any part', async () => {
      await harness.put(key('f'), '0123456789');
      const { source, close } = await opened('f');
      expect(String(await source.read(2, 3))).toBe('234');
      expect(String(await source.read(8, 99))).toBe('89');
      expect(await source.read(10, 5)).toHaveLength(0);
      expect(String(await buffer(source.stream(0, 10)))).toBe('0123456789');
      expect(String(await buffer(source.stream(9, 1)))).toBe('9');
      expect(await buffer(source.stream(5, 0))).toHaveLength(0);
      for (const [offset, expected] of [
        [1, '1234567'],
        [6, '6789'],
        [10, ''],
      ] as const) {
        const targets = [Buffer.alloc(3), Buffer.alloc(4)];
        expect(await readVector(source, targets, offset)).toBe(expected.length);
        expect(String(Buffer.concat(targets).subarray(0, expected.length))).toBe(expected);
      }
      await close();
    });

    it('stores nothing as nothing', async () => {
      await harness.put(key('empty'), '');
      expect(await read('empty')).toBe('');
    });

    it.each(['é'.normalize('NFC'), 'é'.normalize('NFD'), 'a b', '#?%+"\'&;', '夏🎬.mp4', 'x'.repeat(255)])(
      'keeps the name %j as it is',
      async (name) => {
        await harness.put(key(`folder/${name}`), name);
        expect(await read(`folder/${name}`)).toBe(name);
      },
    );

    it('does not confuse NFC with NFD', async () => {
      await harness.put(key('é'.normalize('NFC')), 'composed');
      await expect(harness.driver.open(key('é'.normalize('NFD')))).rejects.toEqual(refusal('missing'));
    });

    it('gives a new version a new tag, and keeps the old one readable', async () => {
      await harness.put(key('f'), 'old bytes');
      const old = await opened('f');
      await harness.put(key('f'), 'new bytes');
      const young = await opened('f');
      expect(young.validators.etag.opaque).not.toBe(old.validators.etag.opaque);
      expect(String(await buffer(old.source.stream(0, 9)))).toBe('old bytes');
      expect(String(await buffer(young.source.stream(0, 9)))).toBe('new bytes');
      await Promise.all([old.close(), young.close()]);
    });

    it('keeps a removed file readable to who has opened it', async () => {
      await harness.put(key('f'), 'bytes');
      const { source, close } = await opened('f');
      await harness.remove(key('f'));
      expect(String(await source.read(0, 5))).toBe('bytes');
      await close();
      await expect(harness.driver.open(key('f'))).rejects.toEqual(refusal('missing'));
    });

    it('closes twice without harm', async () => {
      await harness.put(key('f'), 'bytes');
      const object = await harness.driver.open(key('f'));
      await object.close();
      await object.close();
    });

    it('knows files from folders', async () => {
      await harness.put(key('a/b/f.txt'), 'text');
      expect(await harness.driver.stat(ROOT_KEY)).toMatchObject({ kind: 'folder' });
      expect(await harness.driver.stat(key('a/b'))).toMatchObject({ kind: 'folder' });
      expect(await harness.driver.stat(key('a/b/f.txt'))).toMatchObject({
        kind: 'file',
        size: 4,
        mediaType: 'text/plain',
      });
      await expect(harness.driver.open(key('a'))).rejects.toEqual(refusal('is-folder'));
      await expect(harness.driver.open(ROOT_KEY)).rejects.toEqual(refusal('is-folder'));
    });

    it.each(['nothing', 'a/nothing', 'a/f/child', 'A/F', 'y'.repeat(256), `${'d/'.repeat(3000)}f`])(
      'misses %.40s',
      async (path) => {
        await harness.put(key('a/f'), 'bytes');
        await expect(harness.driver.open(key(path))).rejects.toEqual(refusal('missing'));
        await expect(harness.driver.stat(key(path))).rejects.toEqual(refusal('missing'));
      },
    );

    it.each(['.secret', '.git/config', 'a/.b/c'])('hides %s', async (path) => {
      await harness.put(key(path), 'secret');
      await expect(harness.driver.open(key(path))).rejects.toEqual(refusal('missing'));
      await expect(harness.driver.stat(key(path))).rejects.toEqual(refusal('missing'));
    });

    it('lists a folder: files and folders, none hidden, none deeper', async () => {
      await Promise.all(
        ['a/b.txt', 'a/c d.mp4', 'a/sub/x', 'a/sub/y', 'a/.hidden', 'a/.git/z', 'other'].map((path) =>
          harness.put(key(path), path),
        ),
      );
      const listed = await listOf(key('a'));
      expect(listed.map(({ name, kind, size }) => ({ name, kind, size }))).toEqual([
        { name: 'b.txt', kind: 'file', size: 7 },
        { name: 'c d.mp4', kind: 'file', size: 9 },
        { name: 'sub', kind: 'folder', size: 0 },
      ]);
      for (const { lastModified } of listed) expect(Math.abs(Date.now() - lastModified)).toBeLessThan(60_000);
      expect((await listOf(ROOT_KEY)).map(({ name }) => name)).toEqual(['a', 'other']);
    });

    it('lists no file and nothing missing', async () => {
      await harness.put(key('f'), 'bytes');
      await expect(listOf(key('f'))).rejects.toEqual(refusal('is-file'));
      await expect(listOf(key('nothing'))).rejects.toEqual(refusal('missing'));
      await expect(listOf(key('.hidden'))).rejects.toEqual(refusal('missing'));
    });

    it('lists many, in batches', async () => {
      await Promise.all(Array.from({ length: 300 }, (_, index) => harness.put(key(`many/${index}`), '')));
      expect(await listOf(key('many'))).toHaveLength(300);
    });

    async function listOf(folder: ObjectKey): Promise<ListedObject[]> {
      const listed: ListedObject[] = [];
      for await (const batch of harness.driver.list(folder)) listed.push(...batch);
      return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
    }

    it('is ready', async () => {
      await expect(harness.driver.check()).resolves.toBeUndefined();
    });

    async function opened(path: string) {
      const object = await harness.driver.open(key(path));
      return { source: object.source, validators: object.validators, close: () => object.close() };
    }
  });
  describeWriting(name, create);
  describeMoving(name, create);
  describeTrash(name, create);
}
