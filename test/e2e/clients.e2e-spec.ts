import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { fileUrl, MEDIA, SAMPLES, SAMPLE_DURATION, VBR_WITHOUT_XING } from '../support/samples.js';

const content = randomBytes(3_000_000);

/** Real programs against a real server. */
function describeClient(program: string, body: () => void): void {
  describe(program, () => {
    if (findProgram([program])) body();
    else it.skip(`is not installed`, () => undefined);
  });
}

describe('clients', () => {
  let playhead: Playhead;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    playhead = await startPlayhead();
    await writeFile(path.join(playhead.root, 'film.mp4'), content);
    url = `${playhead.url}/files/film.mp4`;
  });
  afterAll(() => playhead.close());
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const target = () => path.join(folder, 'film.mp4');
  const ranges = () => playhead.log.map(({ range }) => range);
  /** The first part of the file, as a download that was cut off leaves it. */
  const cutOff = () => writeFile(target(), content.subarray(0, 1_000_000));
  const expectWhole = async () => expect((await readFile(target())).equals(content)).toBe(true);

  describeClient('curl', () => {
    it('downloads, and asks for parts as it did of the old server', async () => {
      expect((await run('curl', ['-sSf', '-o', target(), url])).code).toBe(0);
      await expectWhole();
      expect((await run('curl', ['-sSf', '-r', '0-1', '-o', target(), url])).code).toBe(0);
      expect((await readFile(target())).equals(content.subarray(0, 2))).toBe(true);
      await run('curl', ['-sSf', '-r', '-5', '-o', target(), url]);
      expect((await readFile(target())).equals(content.subarray(-5))).toBe(true);
    });

    it('resumes (-C -), and is told when nothing is left', async () => {
      await cutOff();
      expect((await run('curl', ['-sSf', '-C', '-', '-o', target(), url])).code).toBe(0);
      await expectWhole();
      expect(ranges()).toContain('bytes=1000000-');
      const again = await run('curl', ['-sS', '-C', '-', '-o', target(), '-w', '%{http_code}', url]);
      expect(again.stdout).toBe('416');
      await expectWhole();
    });

    it('revalidates by tag (--etag-compare)', async () => {
      const etag = path.join(folder, 'etag');
      await run('curl', ['-sSf', '--etag-save', etag, '-o', target(), url]);
      const second = await run('curl', [
        '-sS',
        '--etag-compare',
        etag,
        '-o',
        target(),
        '-w',
        '%{http_code}',
        url,
      ]);
      expect(second.stdout).toBe('304');
    });
  });

  describeClient('wget', () => {
    it('resumes (-c)', async () => {
      await cutOff();
      expect((await run('wget', ['-q', '-c', url], folder)).code).toBe(0);
      await expectWhole();
      expect((await run('wget', ['-q', '-c', url], folder)).code).toBe(0);
      await expectWhole();
    });
  });

  describeClient('aria2c', () => {
    it('fetches parts over several connections', async () => {
      const before = playhead.log.length;
      const args = [
        '-q',
        '-x4',
        '-s4',
        '-k1M',
        '--file-allocation=none',
        '-d',
        folder,
        '-o',
        'film.mp4',
        url,
      ];
      expect((await run('aria2c', args)).code).toBe(0);
      await expectWhole();
      expect(playhead.log.slice(before).filter(({ status }) => status === 206).length).toBeGreaterThan(1);
    });
  });

  describe('players', () => {
    let samples: Playhead;
    beforeAll(async () => {
      samples = await startPlayhead({ root: SAMPLES });
    });
    afterAll(() => samples.close());

    describeClient('ffprobe', () => {
      it.each(MEDIA.filter((sample) => sample !== VBR_WITHOUT_XING).map(({ path }) => [path]))(
        'reads %s over HTTP as it does from disk',
        async (sample) => {
          const inspect = async (source: string) => {
            const args = [
              '-v',
              'error',
              '-of',
              'json',
              '-show_entries',
              'format=duration:stream=codec_name,width',
              source,
            ];
            const { stdout, stderr } = await run('ffprobe', args);
            expect(stderr).toBe('');
            return JSON.parse(stdout) as { format: { duration: string } };
          };
          const overHttp = await inspect(samples.url + fileUrl(sample));
          expect(overHttp).toEqual(await inspect(path.join(SAMPLES, sample)));
          expect(Math.abs(Number(overHttp.format.duration) - SAMPLE_DURATION)).toBeLessThan(0.1);
        },
      );
    });

    describeClient('ffmpeg', () => {
      it('seeks over HTTP to the very frames it finds on disk', async () => {
        const frames = async (source: string) => {
          const args = [
            '-v',
            'error',
            '-ss',
            '12',
            '-i',
            source,
            '-t',
            '1',
            '-map',
            '0:v',
            '-f',
            'framemd5',
            '-',
          ];
          return (await run('ffmpeg', args)).stdout;
        };
        for (const name of ['video/mp4-moov-last.mp4', 'video/webm-vp9-opus.webm']) {
          const expected = await frames(path.join(SAMPLES, name));
          expect(expected).toMatch(/\n0, /);
          expect(await frames(samples.url + fileUrl(name))).toBe(expected);
        }
      });
    });
  });
});
