import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { makeFolder } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { HEVC, SAMPLES } from '../support/samples.js';

const suite = findProgram(['ffprobe']) && findProgram(['ffmpeg']) ? describe : describe.skip;

suite('HEVC that Safari refuses', () => {
  const original = path.join(SAMPLES, HEVC.path);
  let folder: string;
  let repaired: string;

  beforeAll(async () => {
    folder = await makeFolder();
    repaired = path.join(folder, 'repaired.mp4');
    const { map, applied } = await planRepairs(new MemorySource(await readFile(original)), REPAIRS);
    expect(applied).toEqual(['hvc1.1']);
    await writeFile(repaired, await map!.read(0, map!.size));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const tagOf = async (file: string) => {
    const entries = 'stream=codec_tag_string';
    return (
      await run('ffprobe', [
        '-v',
        'error',
        '-select_streams',
        'v',
        '-show_entries',
        entries,
        '-of',
        'csv=p=0',
        file,
      ])
    ).stdout.trim();
  };
  const framesOf = async (file: string) => {
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', '-f', 'framemd5', '-']);
    return stdout;
  };

  it('has the other tag afterwards', async () => {
    expect(await tagOf(original)).toBe('hev1');
    expect(await tagOf(repaired)).toBe('hvc1');
  });

  it('has the same frames', async () => {
    const frames = await framesOf(original);
    expect(frames.split('\n').length).toBeGreaterThan(300);
    expect(await framesOf(repaired)).toBe(frames);
  });
});
