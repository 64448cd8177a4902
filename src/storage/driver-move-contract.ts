import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_KEY } from '../core/path/index.js';
import { key, tag, toolsFor } from './driver-contract-tools.js';
import type { DriverHarness } from './driver-contract-harness.js';

/** What every storage driver promises of moving and copying. */
export function describeMoving(name: string, create: () => Promise<DriverHarness>): void {
  describe(`${name} as a storage driver in which things are moved`, () => {
    let harness: DriverHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(async () => {
      expect(await harness.leftovers()).toEqual([]);
      await harness.dispose();
    });
    const { read, everything, refused } = toolsFor(() => harness);

    describe.each(['move', 'copy'] as const)('%s', (change) => {
      const run: DriverHarness['driver']['move'] = (...args) => harness.driver[change](...args);
      const expectAfter = async (old: Record<string, string>, young: Record<string, string>) =>
        expect(await everything()).toEqual(change === 'copy' ? { ...old, ...young } : young);

      it('a file, across folders and into new ones', async () => {
        await harness.put(key('a/f'), 'bytes');
        expect(await run(key('a/f'), key('b/c/g'))).toEqual({ key: 'b/c/g', created: true });
        const folders = { 'a/': '', 'b/': '', 'b/c/': '' };
        await expectAfter({ 'a/f': 'bytes' }, { ...folders, 'b/c/g': 'bytes' });
      });

      it('a folder with everything in it', async () => {
        for (const path of ['a/f', 'a/b/g']) await harness.put(key(path), path);
        await harness.driver.makeFolder(key('a/c'));
        expect(await run(key('a'), key('new/a'))).toEqual({ key: 'new/a', created: true });
        await expectAfter(
          { 'a/': '', 'a/b/': '', 'a/c/': '', 'a/f': 'a/f', 'a/b/g': 'a/b/g' },
          {
            'new/': '',
            'new/a/': '',
            'new/a/b/': '',
            'new/a/c/': '',
            'new/a/f': 'a/f',
            'new/a/b/g': 'a/b/g',
          },
        );
      });

      it('never overwrites unless told', async () => {
        for (const path of ['f', 'g', 'a/x', 'b/x']) await harness.put(key(path), path);
        await refused(run(key('f'), key('g')), 'exists');
        await refused(run(key('f'), key('f')), 'exists');
        await refused(run(key('f'), key('a'), { onConflict: 'replace' }), 'exists');
        await refused(run(key('a'), key('b'), { onConflict: 'replace' }), 'exists');
        await refused(run(key('a'), key('f'), { onConflict: 'replace' }), 'exists');
        expect(await run(key('f'), key('g'), { onConflict: 'replace' })).toEqual({
          key: 'g',
          created: false,
        });
        expect(await read('g')).toBe('f');
      });

      it('to the next free name', async () => {
        for (const path of ['f.mp4', 'g.mp4', 'a.b/x', 'c/x']) await harness.put(key(path), path);
        const onConflict = 'rename';
        expect((await run(key('f.mp4'), key('g.mp4'), { onConflict })).key).toBe('g (1).mp4');
        expect((await run(key('c'), key('a.b'), { onConflict })).key).toBe('a.b (1)');
        expect(await read('a.b (1)/x')).toBe('c/x');
      });

      it('not a folder into itself', async () => {
        await harness.put(key('a/b/f'), 'bytes');
        await refused(run(key('a'), key('a/c')), 'into-itself');
        await refused(run(key('a'), key('a/b/c/d')), 'into-itself');
        await harness.put(key('ab/f'), 'bytes');
        expect(await run(key('a'), key('ab/c'))).toMatchObject({ key: 'ab/c' });
      });

      it('not what is not there, the root, or another version', async () => {
        await harness.put(key('f'), 'bytes');
        await refused(run(key('nothing'), key('new/g')), 'missing');
        await refused(run(key('f/g'), key('g')), 'missing');
        await refused(run(ROOT_KEY, key('g')), 'denied');
        const conditions = { ifMatch: [tag('x')] };
        await refused(run(key('f'), key('new/g'), { conditions }), 'precondition-failed');
        await refused(run(key('f'), key('f/g')), 'parent-is-file');
      });

      it('not when it is called off', async () => {
        await harness.put(key('a/f'), 'bytes');
        const signal = AbortSignal.abort(new Error('called off'));
        await refused(run(key('a'), key('new/b'), { signal }), new Error('called off'));
      });
    });

    it('copies what may be seen, tells how far it is, and keeps the time', async () => {
      for (const path of ['a/f', 'a/.hidden', 'a/b/g']) await harness.put(key(path), path);
      const told: number[] = [];
      await harness.driver.copy(key('a'), key('c'), { onProgress: (copied) => told.push(copied) });
      expect(told.at(-1)).toBe('a/f'.length + 'a/b/g'.length);
      await harness.driver.move(key('a/b'), key('moved'));
      await harness.driver.remove(key('a'));
      expect(await everything()).toEqual({
        'c/': '',
        'c/b/': '',
        'c/f': 'a/f',
        'c/b/g': 'a/b/g',
        'moved/': '',
        'moved/g': 'a/b/g',
      });
    });
  });
}
