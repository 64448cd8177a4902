import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { makeFolder } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { FRAGMENTED, HEVC, SAMPLES } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
const CASES = [
  ['HEVC that Safari refuses', path.join(SAMPLES, HEVC.path), 'hvc1.1', 15],
  ['a fragmented movie', path.join(SAMPLES, FRAGMENTED.path), 'fragment-index.1', 15],
  ['a recording of Chromium', path.join(FIXTURES, 'recorded-chromium.webm'), 'webm-duration.1', 8],
  ['a recording of Firefox', path.join(FIXTURES, 'recorded-firefox.webm'), 'webm-duration.1', 8],
] as const;

const suite = findProgram(['ffprobe']) && findProgram(['ffmpeg']) ? describe : describe.skip;

suite.each(CASES)('the repaired form of %s', (_, original, applied, seconds) => {
  let folder: string;
  let repaired: string;

  beforeAll(async () => {
    folder = await makeFolder();
    repaired = path.join(folder, `repaired${path.extname(original)}`);
    const plan = await planRepairs(new MemorySource(await readFile(original)), REPAIRS);
    expect(plan.applied).toEqual([applied]);
    await writeFile(repaired, await plan.map!.read(0, plan.map!.size));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const framesOf = async (file: string) => {
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', '-f', 'framemd5', '-']);
    return stdout.split('\n').filter((line) => !line.startsWith('#'));
  };
  const probe = async (entries: string) => {
    const { stdout, stderr } = await run('ffprobe', [
      '-v',
      'warning',
      '-show_entries',
      entries,
      '-of',
      'csv=p=0',
      repaired,
    ]);
    return { answer: stdout.trim().split('\n'), stderr };
  };

  it('has the same frames', async () => {
    const frames = await framesOf(original);
    expect(frames.length).toBeGreaterThan(200);
    expect(await framesOf(repaired)).toEqual(frames);
  });

  it('tells its duration', async () => {
    const { answer, stderr } = await probe('format=duration');
    expect(Math.abs(Number(answer[0]) - seconds)).toBeLessThan(0.1);
    expect(stderr).toBe('');
  });

  it('needs no further repair', async () => {
    const again = await planRepairs(new MemorySource(await readFile(repaired)), REPAIRS);
    expect(again).toEqual({ map: undefined, outcomes: [], applied: [] });
  });

  if (applied === 'hvc1.1') {
    it('has the tag hvc1', async () => {
      expect((await probe('stream=codec_tag_string')).answer).toContain('hvc1');
    });
  }
});
