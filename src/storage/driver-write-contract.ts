import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_KEY } from '../core/path/index.js';
import { content, key, refusal, tag, toolsFor } from './driver-contract-tools.js';
import type { DriverHarness } from './driver-contract-harness.js';
import type { WriteOptions } from './storage-driver.js';

const digest = (algorithm: 'sha256' | 'sha512', text: string) => createHash(algorithm).update(text).digest();

/** What every storage driver promises of changes. */
export function describeWriting(name: string, create: () => Promise<DriverHarness>): void {
  describe(`${name} as a storage driver that is written to`, () => {
    let harness: DriverHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(async () => {
      expect(await harness.leftovers()).toEqual([]);
      await harness.dispose();
    });

    const { write, read, tagOf, everything, refused } = toolsFor(() => harness);

    describe('write', () => {
      it('makes a file and the folders above it', async () => {
        const written = await harness.driver.write(key('a/b/film.mp4'), content('01234', '56789'));
        expect(written).toMatchObject({ key: 'a/b/film.mp4', created: true, size: 10, digests: {} });
        expect(await everything()).toEqual({ 'a/': '', 'a/b/': '', 'a/b/film.mp4': '0123456789' });
      });

      it('takes no bytes for a file', async () => {
        expect(await harness.driver.write(key('empty'), content())).toMatchObject({ size: 0 });
        expect(await read('empty')).toBe('');
      });

      it.each(['é'.normalize('NFD'), 'a b', '#?%+"\'&;', '夏🎬.mp4', '-rf', 'x'.repeat(255)])(
        'keeps the name %j as it is',
        async (odd) => {
          await write(`folder/${odd}`, odd);
          expect(await everything()).toEqual({ 'folder/': '', [`folder/${odd}`]: odd });
        },
      );

      it.each(['new', 'there'])('answers with the tag that the next reader sees: %s', async (path) => {
        await harness.put(key('there'), 'old');
        const { validators } = await write(path, 'bytes', { onConflict: 'replace' });
        const object = await harness.driver.open(key(path));
        expect(object.validators).toEqual(validators);
        await object.close();
        expect(await tagOf(path)).toEqual(validators.etag);
      });

      it('replaces a file; who has opened it reads the old one to its end', async () => {
        await harness.put(key('f'), 'old bytes');
        const old = await harness.driver.open(key('f'));
        expect(String(await old.source.read(0, 9))).toBe('old bytes');
        expect(await write('f', 'new', { onConflict: 'replace' })).toMatchObject({
          key: 'f',
          created: false,
        });
        expect(await read('f')).toBe('new');
        expect(String(await old.source.read(0, 9))).toBe('old bytes');
        await old.close();
      });

      it('does not serve an old version from memory after any change', async () => {
        for (const text of ['one', 'two', 'six']) {
          await write('f', text, { onConflict: 'replace' });
          expect([await read('f'), await read('f')]).toEqual([text, text]);
        }
        await harness.driver.move(key('f'), key('g'));
        await expect(read('f')).rejects.toEqual(refusal('missing'));
        await harness.driver.remove(key('g'));
        await expect(read('g')).rejects.toEqual(refusal('missing'));
      });

      it('refuses a name that is taken unless told otherwise', async () => {
        await harness.put(key('a/f'), 'old');
        await refused(write('a/f', 'new'), 'exists');
        await refused(write('a', 'new', { onConflict: 'replace' }), 'exists');
        await refused(harness.driver.write(ROOT_KEY, content('new'), { onConflict: 'replace' }), 'exists');
      });

      it('finds the next free name', async () => {
        for (const expected of ['f.mp4', 'f (1).mp4', 'f (2).mp4']) {
          expect(await write('a/f.mp4', expected, { onConflict: 'rename' })).toMatchObject({
            key: `a/${expected}`,
            created: true,
          });
        }
        expect(await everything()).toEqual({
          'a/': '',
          'a/f.mp4': 'f.mp4',
          'a/f (1).mp4': 'f (1).mp4',
          'a/f (2).mp4': 'f (2).mp4',
        });
        expect(await write('a', 'text', { onConflict: 'rename' })).toMatchObject({ key: 'a (1)' });
      });

      it('gives each of many at once a name of its own', async () => {
        const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
        const written = await Promise.all(
          texts.map((text) => write('new/f', text, { onConflict: 'rename' })),
        );
        expect(new Set(written.map(({ key: given }) => given)).size).toBe(20);
        for (const [index, { key: given }] of written.entries()) expect(await read(given)).toBe(texts[index]);
      });

      it('lets one of many at once have a name', async () => {
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, (_, index) =>
            write('new/f', `${index}`, { onConflict: 'replace', conditions: { ifNoneMatch: '*' } }),
          ),
        );
        const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [`${index}`] : []));
        expect(winners).toEqual([await read('new/f')]);
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toEqual(refusal('precondition-failed'));
      });

      it('lets one of many at once replace a version', async () => {
        const { validators } = await write('f', 'first');
        const results = await Promise.allSettled(
          Array.from({ length: 10 }, (_, index) =>
            write('f', `${index}`, { onConflict: 'replace', conditions: { ifMatch: [validators.etag] } }),
          ),
        );
        const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [`${index}`] : []));
        expect(winners).toEqual([await read('f')]);
      });

      it('goes by conditions', async () => {
        const onConflict = 'replace';
        const put = (conditions: WriteOptions['conditions']) => write('f', 'new', { onConflict, conditions });
        await refused(put({ ifMatch: '*' }), 'precondition-failed');
        await refused(put({ ifMatch: [tag('x')] }), 'precondition-failed');
        const first = await put({ ifNoneMatch: '*' });
        await refused(put({ ifNoneMatch: '*' }), 'precondition-failed');
        await refused(put({ ifNoneMatch: [first.validators.etag] }), 'precondition-failed');
        await refused(put({ ifMatch: [tag('x')] }), 'precondition-failed');
        await refused(put({ ifUnmodifiedSince: 0 }), 'precondition-failed');
        const second = await put({ ifMatch: [tag('x'), first.validators.etag] });
        await refused(put({ ifMatch: [first.validators.etag] }), 'precondition-failed');
        expect(await put({ ifMatch: '*' })).toMatchObject({ created: false });
        expect(second.validators.etag).not.toEqual(first.validators.etag);
      });

      it('holds the content against its length and limit', async () => {
        await refused(write('a/f', 'bytes', { length: 4 }), 'length-mismatch');
        await refused(write('a/f', 'bytes', { length: 6 }), 'length-mismatch');
        await refused(write('a/f', 'bytes', { limit: 4 }), 'too-large');
        await refused(write('a/f', 'bytes', { length: 5, limit: 4 }), 'too-large');
        expect(await write('a/f', 'bytes', { length: 5, limit: 5 })).toMatchObject({ size: 5 });
      });

      it('reads nothing of what is too large from the start', async () => {
        const source = content('bytes');
        await refused(harness.driver.write(key('f'), source, { length: 5, limit: 4 }), 'too-large');
        expect(String(await buffer(source))).toBe('bytes');
      });

      it('holds the content against its digests, and computes those that are wanted', async () => {
        const right = { 'sha-256': digest('sha256', 'bytes') };
        const wrong = { 'sha-512': digest('sha512', 'other') };
        await refused(write('f', 'bytes', { expectedDigests: wrong }), 'digest-mismatch');
        await refused(write('f', 'bytes', { expectedDigests: { ...right, ...wrong } }), 'digest-mismatch');
        await refused(
          write('f', 'bytes', { expectedDigests: { 'sha-256': Buffer.of(1) } }),
          'digest-mismatch',
        );
        const { digests } = await write('f', 'bytes', { expectedDigests: right, wantedDigests: ['sha-512'] });
        expect(digests).toEqual({ ...right, 'sha-512': digest('sha512', 'bytes') });
      });

      it('changes nothing when the content breaks off', async () => {
        await harness.put(key('f'), 'old');
        async function* broken() {
          yield Buffer.from('new');
          await Promise.reject(new Error('the line went dead'));
        }
        for (const path of ['f', 'a/b/c']) {
          const change = harness.driver.write(key(path), broken(), { onConflict: 'replace' });
          await refused(change, new Error('the line went dead'));
        }
      });

      it('changes nothing when it is called off, even while the content hangs', async () => {
        await harness.put(key('f'), 'old');
        const controller = new AbortController();
        const source = new Readable({ read: () => undefined });
        source.push('new');
        const options = { onConflict: 'replace', signal: controller.signal } as const;
        const change = harness.driver.write(key('f'), source, options);
        setTimeout(() => controller.abort(new Error('called off')), 20);
        await refused(change, new Error('called off'));
        await refused(harness.driver.write(key('g'), content('x'), options), new Error('called off'));
        source.destroy();
      });

      it('leaves a stream to who opened it', async () => {
        const source = content('a'.repeat(10), 'b');
        await refused(harness.driver.write(key('f'), source, { limit: 5 }), 'too-large');
        expect(source.destroyed).toBe(false);
        source.destroy();
      });

      it.each(['.hidden', 'a/.git/config', 'y'.repeat(256), `${'z'.repeat(256)}/f`])(
        'refuses the name %.20s',
        async (path) => {
          await refused(write(path, 'x'), 'bad-name');
          await refused(harness.driver.makeFolder(key(path)), 'bad-name');
          await harness.put(key('f'), 'bytes');
          await refused(harness.driver.move(key('f'), key(path)), 'bad-name');
          await refused(harness.driver.copy(key('f'), key(path)), 'bad-name');
        },
      );

      it('makes no folder of a file', async () => {
        await harness.put(key('f'), 'bytes');
        await refused(write('f/g', 'x'), 'parent-is-file');
        await refused(write('f/g/h', 'x', { onConflict: 'replace' }), 'parent-is-file');
        await refused(harness.driver.makeFolder(key('f/g')), 'parent-is-file');
      });
    });

    describe('checkWrite', () => {
      it('refuses what a write would refuse, and makes nothing', async () => {
        await harness.put(key('f'), 'old');
        const check = (path: string, options?: WriteOptions) => harness.driver.checkWrite(key(path), options);
        await refused(check('f'), 'exists');
        await refused(check('f/g'), 'parent-is-file');
        await refused(check('.hidden'), 'bad-name');
        await refused(harness.driver.checkWrite(ROOT_KEY), 'exists');
        await refused(check('g', { length: 5, limit: 4 }), 'too-large');
        await refused(check('f', { conditions: { ifNoneMatch: '*' } }), 'precondition-failed');
        for (const onConflict of ['replace', 'rename'] as const) await check('f', { onConflict });
        await check('a/b/g');
        expect(await everything()).toEqual({ f: 'old' });
      });
    });

    describe('adopt', () => {
      it('makes staged content a file', async () => {
        const staged = await harness.stage('bytes');
        const written = await harness.driver.adopt(key('a/b/f'), staged, { wantedDigests: ['sha-256'] });
        expect(written).toMatchObject({ key: 'a/b/f', created: true, size: 5 });
        expect(written.digests).toEqual({ 'sha-256': digest('sha256', 'bytes') });
        expect(await tagOf('a/b/f')).toEqual(written.validators.etag);
        expect(await read('a/b/f')).toBe('bytes');
        await refused(harness.driver.adopt(key('g'), staged), 'missing');
      });

      it('leaves it staged when it fails', async () => {
        await harness.put(key('f'), 'old');
        const staged = await harness.stage('bytes');
        const adopt = (options: WriteOptions) => harness.driver.adopt(key('f'), staged, options);
        await refused(adopt({}), 'exists');
        await refused(adopt({ onConflict: 'replace', length: 4 }), 'length-mismatch');
        await refused(adopt({ onConflict: 'replace', limit: 4 }), 'too-large');
        const expectedDigests = { 'sha-256': digest('sha256', 'x') };
        await refused(adopt({ onConflict: 'replace', expectedDigests }), 'digest-mismatch');
        await refused(
          adopt({ onConflict: 'replace', conditions: { ifNoneMatch: '*' } }),
          'precondition-failed',
        );
        expect(await adopt({ onConflict: 'replace' })).toMatchObject({ created: false });
        expect(await read('f')).toBe('bytes');
      });

      it.each(['', 'nothing', '../f', 'uploads/../../f', 'uploads/nothing'])('misses %j', async (staged) => {
        await harness.put(key('f'), 'bytes');
        await refused(harness.driver.adopt(key('g'), staged as never), 'missing');
      });
    });

    describe('makeFolder', () => {
      it('makes an empty folder, and those above it', async () => {
        await harness.driver.makeFolder(key('a/b/c'));
        await harness.driver.makeFolder(key('a/d'));
        expect(await everything()).toEqual({ 'a/': '', 'a/b/': '', 'a/b/c/': '', 'a/d/': '' });
      });

      it('refuses a name that is taken', async () => {
        await harness.put(key('a/f'), 'bytes');
        await refused(harness.driver.makeFolder(key('a')), 'exists');
        await refused(harness.driver.makeFolder(key('a/f')), 'exists');
        await refused(harness.driver.makeFolder(ROOT_KEY), 'exists');
      });
    });

    describe('remove', () => {
      it('removes a file, and keeps its folder', async () => {
        await harness.put(key('a/f'), 'bytes');
        await harness.driver.remove(key('a/f'));
        expect(await everything()).toEqual({ 'a/': '' });
      });

      it('removes a folder with everything in it', async () => {
        for (const path of ['a/f', 'a/b/c/g', 'a/.hidden', 'ab/f']) await harness.put(key(path), path);
        await harness.driver.remove(key('a'));
        expect(await everything()).toEqual({ 'ab/': '', 'ab/f': 'ab/f' });
      });

      it('refuses what is not there, hidden, the root, or another version', async () => {
        await harness.put(key('f'), 'bytes');
        await harness.put(key('.hidden'), 'bytes');
        const remove = (path: string) => harness.driver.remove(key(path));
        for (const path of ['nothing', 'a/nothing', 'f/g', '.hidden']) await refused(remove(path), 'missing');
        await refused(harness.driver.remove(ROOT_KEY), 'denied');
        const conditions = { ifMatch: [tag('x')] };
        await refused(harness.driver.remove(key('f'), { conditions }), 'precondition-failed');
        const { validators } = await write('g', 'bytes');
        await harness.driver.remove(key('g'), { conditions: { ifMatch: [validators.etag] } });
        expect(await everything()).toEqual({ f: 'bytes' });
      });
    });

    it('has nothing to recover when nothing was broken off', async () => {
      await write('f', 'bytes');
      await harness.stage('bytes');
      expect(await harness.driver.recover()).toBe(0);
      expect(await read('f')).toBe('bytes');
    });
  });
}
