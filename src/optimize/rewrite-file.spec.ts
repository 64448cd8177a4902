import { spawnSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SegmentMap } from '../core/bytes/index.js';
import type { Repair } from '../core/repairs/index.js';
import { makeFolder } from '../../test/support/playhead.js';
import { box } from '../../test/support/isobmff/box-builder.js';
import { ftyp, mdat, moov, noise, stco, stsz, trak } from '../../test/support/isobmff/movie-builder.js';
import { previewRewrite, rewriteFile, type RewriteOptions } from './rewrite-file.js';

const MEDIA = noise(5_000_000);

/** A movie of two chunks with its moov box at the end. */
function movieOf(media: Buffer): Buffer {
  const head = ftyp('isom', 'mp41');
  const start = head.length + 8;
  const half = media.length / 2;
  const track = trak({ sampleSizes: stsz(half, 2), chunkOffsets: stco(start, start + half) });
  return Buffer.concat([head, mdat(media), moov({ tracks: [track] })]);
}
const MOVIE = movieOf(MEDIA);
const refusal = (reason: string) => expect.objectContaining({ name: 'RewriteError', reason });

describe('rewriting a file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await makeFolder();
    file = path.join(folder, 'film.mp4');
    await writeFile(file, MOVIE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const temporary = () =>
    path.join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.tmp'))!,
    );
  /** Does something once when half of the file is written. */
  const halfway = (act: () => void): RewriteOptions => {
    let isDone = false;
    return {
      onProgress: (written, total) => {
        if (written < total / 2 || isDone) return;
        isDone = true;
        act();
      },
    };
  };
  const expectUntouched = async (...others: string[]) => {
    expect(await readdir(folder)).toEqual(['film.mp4', ...others].sort());
    expect((await readFile(file)).equals(MOVIE)).toBe(true);
  };

  it('puts the moov box in front, keeps mode and times, and leaves nothing else', async () => {
    await chmod(file, 0o2751);
    await utimes(file, 1_600_000_001.123456, 1_500_000_002.000001);
    const before = await stat(file, { bigint: true });
    const result = await rewriteFile(file);
    expect(result).toMatchObject({
      state: 'rewritten',
      repairs: [{ repair: 'faststart', state: 'applied' }],
      sizeBefore: MOVIE.length,
      size: MOVIE.length,
      otherNames: 0,
    });
    const after = await stat(file, { bigint: true });
    const written = await readFile(file);
    expect(written.indexOf('moov')).toBeLessThan(written.indexOf('mdat'));
    expect(written.includes(MEDIA)).toBe(true);
    expect(after.mode).toBe(before.mode);
    expect(after.ino).not.toBe(before.ino);
    for (const field of ['atimeNs', 'mtimeNs'] as const) {
      expect(after[field]).toBeGreaterThanOrEqual(before[field]);
      expect(after[field] - before[field]).toBeLessThan(250n);
    }
    expect(await readdir(folder)).toEqual(['film.mp4']);
    expect(await rewriteFile(file)).toEqual({ state: 'not-needed' });
    expect((await stat(file, { bigint: true })).ino).toBe(after.ino);
  });

  it('keeps whole milliseconds and seconds exactly', async () => {
    for (const seconds of ['1500000000', '1700000000.123', '1734567890.999']) {
      await writeFile(file, MOVIE);
      // Node itself would set a time a little before.
      spawnSync('touch', ['-d', `@${seconds}`, file]);
      await rewriteFile(file);
      const { mtime, mtimeNs } = await stat(file, { bigint: true });
      expect(mtime.getTime()).toBe(Number(seconds) * 1000);
      expect(mtimeNs % 1_000_000n).toBeLessThan(240n);
    }
  });

  it('tells how far it is, up to the end', async () => {
    const seen: number[] = [];
    await rewriteFile(file, { onProgress: (written, total) => seen.push(written, total) });
    expect(seen.slice(-2)).toEqual([MOVIE.length, MOVIE.length]);
    expect(seen.length).toBe(2 * Math.ceil(MOVIE.length / 2 ** 20));
    expect(seen.filter((_, index) => index % 2 === 0)).toEqual(
      [...seen.filter((_, index) => index % 2 === 0)].sort((a, b) => a - b),
    );
  });

  it('is written unreadable to others, in the same folder, hidden', async () => {
    let mode = 0;
    await rewriteFile(
      file,
      halfway(() => (mode = statSync(temporary()).mode & 0o777)),
    );
    expect(mode).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['film.mp4']);
  });

  it('rewrites what a link leads to', async () => {
    await mkdir(path.join(folder, 'sub'));
    renameSync(file, path.join(folder, 'sub/real.mp4'));
    await symlink('sub/real.mp4', file);
    await rewriteFile(file);
    expect((await readdir(folder)).sort()).toEqual(['film.mp4', 'sub']);
    expect((await stat(path.join(folder, 'sub/real.mp4'))).ino).toBe((await stat(file)).ino);
    expect(await previewRewrite(file)).toEqual({ state: 'not-needed' });
  });

  it('leaves the old bytes to other names', async () => {
    await link(file, path.join(folder, 'other.mp4'));
    expect(await rewriteFile(file)).toMatchObject({ state: 'rewritten', otherNames: 1 });
    expect((await readFile(path.join(folder, 'other.mp4'))).equals(MOVIE)).toBe(true);
  });

  it('says what it would do and does nothing', async () => {
    expect(await previewRewrite(file)).toMatchObject({ state: 'repairable', size: MOVIE.length });
    await expectUntouched();
  });

  it('does nothing where nothing can be done', async () => {
    await writeFile(file, MOVIE.subarray(0, -10));
    expect(await rewriteFile(file)).toMatchObject({
      state: 'impossible',
      repairs: [{ repair: 'faststart', state: 'impossible' }],
    });
    expect(await readdir(folder)).toEqual(['film.mp4']);
  });

  describe('refuses', () => {
    const changes: [string, () => void][] = [
      [
        'whose bytes were changed',
        () => {
          const descriptor = openSync(file, 'r+');
          writeSync(descriptor, 'x', 2_000_000);
          closeSync(descriptor);
        },
      ],
      ['that was touched', () => utimesSync(file, 1, 1)],
      [
        'that was replaced by one of the same size and time',
        () => {
          const { atime, mtime } = statSync(file);
          writeFileSync(`${file}.new`, MOVIE);
          utimesSync(`${file}.new`, atime, mtime);
          renameSync(`${file}.new`, file);
        },
      ],
      ['that got another name', () => linkSync(file, path.join(folder, 'link.mp4'))],
    ];
    it.each(changes)('a file %s meanwhile', async (_, change) => {
      await expect(rewriteFile(file, halfway(change))).rejects.toEqual(refusal('changed-meanwhile'));
      expect(readdirSync(folder).filter((name) => name !== 'link.mp4')).toEqual(['film.mp4']);
      expect((await readFile(file)).indexOf('moov')).toBeGreaterThan(1000);
    });

    it('a file that shrank or vanished meanwhile', async () => {
      const shrink = halfway(() => writeFileSync(file, 'short'));
      await expect(rewriteFile(file, shrink)).rejects.toEqual(refusal('changed-meanwhile'));
      expect(await readdir(folder)).toEqual(['film.mp4']);
      await writeFile(file, MOVIE);
      const vanish = halfway(() => renameSync(file, path.join(folder, 'moved.mp4')));
      await expect(rewriteFile(file, vanish)).rejects.toEqual(refusal('changed-meanwhile'));
      expect(await readdir(folder)).toEqual(['moved.mp4']);
    });

    it.each([
      ['in what the repair made', 50],
      ['in the media', 1_500_000],
      ['by being longer', MOVIE.length],
    ])('a copy that differs %s', async (_, at) => {
      const damage = halfway(() => {
        const descriptor = openSync(temporary(), 'r+');
        writeSync(descriptor, 'damage', at);
        closeSync(descriptor);
      });
      await expect(rewriteFile(file, damage)).rejects.toEqual(refusal('verification-failed'));
      await expectUntouched();
    });

    /** A free box in front, and the offsets of the chunks as they were: the media of each track is another. */
    const shift: Repair = {
      name: 'shift',
      version: 1,
      async plan(source) {
        if (String(await source.read(4, 4)) === 'free') return { kind: 'not-needed' };
        const map = new SegmentMap(source, [box('free', 'bytes'), { offset: 0, length: source.size }]);
        return { kind: 'repaired', map, changes: [] };
      },
    };
    it('a repair that loses the media', async () => {
      const rewriting = rewriteFile(file, { repairs: [shift] });
      await expect(rewriting).rejects.toEqual(refusal('verification-failed'));
      await expect(rewriting).rejects.toThrow('Chunk 1 of track 1 differs.');
      await expectUntouched();
    });

    it('a repair that has always more to do', async () => {
      const endless: Repair = {
        name: 'endless',
        version: 1,
        async plan(source) {
          const map = new SegmentMap(source, [{ offset: 0, length: source.size }, box('free', 'more')]);
          return { kind: 'repaired', map, changes: [] };
        },
      };
      const rewriting = rewriteFile(file, { repairs: [endless] });
      await expect(rewriting).rejects.toEqual(refusal('verification-failed'));
      await expect(rewriting).rejects.toThrow('endless.1');
      await expectUntouched();
    });

    it('a file that nobody may write, a folder, what is not there', async () => {
      await chmod(file, 0o444);
      await expect(rewriteFile(file)).rejects.toEqual(refusal('read-only'));
      await expect(previewRewrite(file)).rejects.toEqual(refusal('read-only'));
      await expectUntouched();
      await expect(rewriteFile(folder)).rejects.toEqual(refusal('not-a-file'));
      await expect(rewriteFile(path.join(folder, 'nothing'))).rejects.toEqual(refusal('missing'));
      await expect(rewriteFile(path.join(file, 'child'))).rejects.toEqual(refusal('missing'));
    });

    it('a FIFO, without waiting for its writer', async () => {
      spawnSync('mkfifo', [path.join(folder, 'pipe')]);
      await expect(rewriteFile(path.join(folder, 'pipe'))).rejects.toEqual(refusal('not-a-file'));
    });
  });

  it('stops when it is cancelled, and leaves nothing', async () => {
    const controller = new AbortController();
    const options = { ...halfway(() => controller.abort()), signal: controller.signal };
    await expect(rewriteFile(file, options)).rejects.toMatchObject({ name: 'AbortError' });
    await expectUntouched();
  });

  if (process.getuid?.() === 0)
    it('keeps owner and group', async () => {
      await chown(file, 1234, 2345);
      await chmod(file, 0o4755);
      await rewriteFile(file);
      expect(await stat(file)).toMatchObject({ uid: 1234, gid: 2345, mode: 0o104755 });
    });

  describe('keeping the original', () => {
    const keep: RewriteOptions = { keepOriginal: true };

    it('gives it a name of its own', async () => {
      const { ino } = await stat(file);
      expect(await rewriteFile(file, keep)).toMatchObject({ state: 'rewritten' });
      expect(await readdir(folder)).toEqual(['film.mp4', 'film.orig.mp4']);
      expect((await readFile(path.join(folder, 'film.orig.mp4'))).equals(MOVIE)).toBe(true);
      expect((await stat(path.join(folder, 'film.orig.mp4'))).ino).toBe(ino);
      expect((await stat(file)).ino).not.toBe(ino);
    });

    it('refuses where the name is taken, also when that happens meanwhile', async () => {
      const original = path.join(folder, 'film.orig.mp4');
      const late = halfway(() => writeFileSync(original, 'precious'));
      await expect(rewriteFile(file, { ...keep, ...late })).rejects.toEqual(refusal('original-exists'));
      await expect(rewriteFile(file, keep)).rejects.toEqual(refusal('original-exists'));
      await expect(previewRewrite(file, keep)).rejects.toEqual(refusal('original-exists'));
      await expectUntouched('film.orig.mp4');
      expect(String(await readFile(original))).toBe('precious');
    });

    it('goes on where a run before it had got as far as the second name', async () => {
      await link(file, path.join(folder, 'film.orig.mp4'));
      expect(await rewriteFile(file, keep)).toMatchObject({ state: 'rewritten' });
      expect((await readFile(path.join(folder, 'film.orig.mp4'))).equals(MOVIE)).toBe(true);
    });

    it('leaves no second name when it fails', async () => {
      const touch = halfway(() => utimesSync(file, 1, 1));
      await expect(rewriteFile(file, { ...keep, ...touch })).rejects.toEqual(refusal('changed-meanwhile'));
      await expectUntouched();
    });
  });
});
