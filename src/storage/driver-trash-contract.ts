import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_KEY } from '../core/path/index.js';
import type { DriverHarness } from './driver-contract-harness.js';
import { key, tag, toolsFor } from './driver-contract-tools.js';
import { isDiscardedId } from './discarded-id.js';
import type { Discarded, DiscardedId } from './storage-driver.js';

/** What every storage driver promises of its trash. */
export function describeTrash(name: string, create: () => Promise<DriverHarness>): void {
  describe(`${name} as a storage driver with a trash`, () => {
    let harness: DriverHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(async () => {
      expect(await harness.leftovers()).toEqual([]);
      await harness.dispose();
    });
    const { read, everything, refused, tagOf } = toolsFor(() => harness);
    const discard = (path: string, by?: string) => harness.driver.discard(key(path), { by });
    const listed = async (before?: DiscardedId) => {
      const all: Discarded[] = [];
      for await (const discarded of harness.driver.discarded(before)) all.push(discarded);
      return all;
    };

    it('is empty at first', async () => {
      expect(await listed()).toEqual([]);
    });

    it('takes a file, and says what it was', async () => {
      await harness.put(key('a/f'), 'bytes');
      const before = Date.now();
      const discarded = await discard('a/f', 'alice');
      expect(discarded).toMatchObject({ key: 'a/f', kind: 'file', size: 5, discardedBy: 'alice' });
      expect(isDiscardedId(discarded.id)).toBe(true);
      expect(discarded.discardedAt).toBeGreaterThanOrEqual(before);
      expect(discarded.discardedAt).toBeLessThanOrEqual(Date.now());
      expect(await everything()).toEqual({ 'a/': '' });
      expect(await listed()).toEqual([discarded]);
      expect(await harness.driver.findDiscarded(discarded.id)).toEqual(discarded);
    });

    it('gives back what it took', async () => {
      await harness.put(key('a/f'), 'bytes');
      const { id } = await discard('a/f');
      expect(await harness.driver.restore(id, key('a/f'))).toEqual({ key: 'a/f', created: true });
      expect(await everything()).toEqual({ 'a/': '', 'a/f': 'bytes' });
      expect(await listed()).toEqual([]);
      await refused(harness.driver.restore(id, key('a/f')), 'missing');
    });

    it('takes a folder with everything in it, hidden files too, and gives it back elsewhere', async () => {
      for (const path of ['a/f', 'a/b/g', 'a/.hidden']) await harness.put(key(path), path);
      await harness.driver.makeFolder(key('a/empty'));
      const discarded = await discard('a');
      expect(discarded).toMatchObject({ key: 'a', kind: 'folder', size: 0, discardedBy: null });
      expect(await everything()).toEqual({});
      expect(await harness.driver.restore(discarded.id, key('new/deep/c'))).toMatchObject({
        key: 'new/deep/c',
      });
      expect(await everything()).toEqual({
        'new/': '',
        'new/deep/': '',
        'new/deep/c/': '',
        'new/deep/c/b/': '',
        'new/deep/c/b/g': 'a/b/g',
        'new/deep/c/empty/': '',
        'new/deep/c/f': 'a/f',
      });
    });

    it('lists the latest first, and goes on behind any of them', async () => {
      const ids: DiscardedId[] = [];
      for (let number = 0; number < 5; number++) {
        await harness.put(key('f'), String(number));
        ids.push((await discard('f')).id);
      }
      const latestFirst = ids.toReversed();
      expect((await listed()).map(({ id }) => id)).toEqual(latestFirst);
      await harness.driver.purge(latestFirst[2]!);
      expect((await listed(latestFirst[2])).map(({ id }) => id)).toEqual(latestFirst.slice(3));
    });

    it('makes the folders above anew, and takes no place unless told', async () => {
      await harness.put(key('a/b/f.mp4'), 'old');
      const { id } = await discard('a/b/f.mp4');
      const folder = await discard('a');
      await harness.driver.purge(folder.id);
      await harness.put(key('a/b/f.mp4'), 'new');
      await refused(harness.driver.restore(id, key('a/b/f.mp4')), 'exists');
      expect(await listed()).toHaveLength(1);
      expect(await harness.driver.restore(id, key('a/b/f.mp4'), { onConflict: 'rename' })).toEqual({
        key: 'a/b/f (1).mp4',
        created: true,
      });
      const { id: again } = await discard('a/b/f (1).mp4');
      expect(await harness.driver.restore(again, key('a/b/f.mp4'), { onConflict: 'replace' })).toEqual({
        key: 'a/b/f.mp4',
        created: false,
      });
      expect(await everything()).toEqual({ 'a/': '', 'a/b/': '', 'a/b/f.mp4': 'old' });
    });

    it('keeps what cannot go where it is wanted', async () => {
      await harness.put(key('f'), 'f');
      await harness.put(key('a/x'), 'x');
      const [file, folder] = [await discard('f'), await discard('a')];
      await harness.put(key('f'), 'in the way');
      await refused(harness.driver.restore(folder.id, key('f/a')), 'parent-is-file');
      await refused(harness.driver.restore(folder.id, key('f'), { onConflict: 'replace' }), 'exists');
      await refused(harness.driver.restore(file.id, ROOT_KEY), 'exists');
      await refused(harness.driver.restore(file.id, key('new/.hidden')), 'bad-name');
      const signal = AbortSignal.abort(new Error('called off'));
      await refused(harness.driver.restore(file.id, key('g'), { signal }), new Error('called off'));
      expect(await everything()).toEqual({ f: 'in the way' });
      expect(await listed()).toEqual([folder, file]);
    });

    it('removes for good', async () => {
      for (const path of ['a/f', 'a/b/g']) await harness.put(key(path), path);
      const { id } = await discard('a');
      await harness.driver.purge(id);
      expect(await listed()).toEqual([]);
      await refused(harness.driver.purge(id), 'missing');
      await refused(harness.driver.findDiscarded(id), 'missing');
    });

    it('takes nothing that is not there, is hidden, the root, or another version', async () => {
      await harness.put(key('f'), 'bytes');
      await harness.put(key('.hidden'), 'bytes');
      await refused(discard('nothing'), 'missing');
      await refused(discard('.hidden'), 'missing');
      await refused(harness.driver.discard(ROOT_KEY), 'denied');
      const other = { conditions: { ifMatch: [tag('x')] } };
      await refused(harness.driver.discard(key('f'), other), 'precondition-failed');
      const signal = AbortSignal.abort(new Error('called off'));
      await refused(harness.driver.discard(key('f'), { signal }), new Error('called off'));
      expect(await read('f')).toBe('bytes');
      expect(await listed()).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 25));
      const same = { conditions: { ifMatch: [(await tagOf('f'))!] } };
      expect(await harness.driver.discard(key('f'), same)).toMatchObject({ key: 'f' });
    });

    it.each(['', '..', '../tmp/x', 'x', `${'0'.repeat(9)}-${'0'.repeat(32)}`, '0/../../etc'])(
      'finds nothing by the id %j',
      async (id) => {
        await refused(harness.driver.findDiscarded(id), 'missing');
        await refused(harness.driver.restore(id as DiscardedId, key('f')), 'missing');
        await refused(harness.driver.purge(id as DiscardedId), 'missing');
      },
    );

    it('gives something to one of two who want it', async () => {
      await harness.put(key('f'), 'bytes');
      const { id } = await discard('f');
      const both = ['g', 'h'].map((path) => harness.driver.restore(id, key(path)));
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(Object.values(await everything())).toEqual(['bytes']);
      expect(await listed()).toEqual([]);
    });
  });
}
