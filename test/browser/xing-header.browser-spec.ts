import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { makeMp3, type Mp3 } from '../support/audio/make-mp3.js';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { probe, type PlayReport } from '../support/browser/play-probe.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { findProgram } from '../support/programs.js';
import { SAMPLES, VBR_WITHOUT_XING } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

const VBR = { half: 12, bitRate: ['-q:a', '2'], hasSeekHeader: false } as const;
const MADE: readonly Mp3[] = [
  { ...VBR, name: 'tagged-44100-stereo.mp3', sampleRate: 44_100, channels: 2, isTagged: true },
  { ...VBR, name: 'mpeg2-22050-mono.mp3', sampleRate: 22_050, channels: 1 },
  { ...VBR, name: 'mpeg2-24000-stereo.mp3', sampleRate: 24_000, channels: 2 },
  { ...VBR, name: 'whole.mp3', sampleRate: 48_000, channels: 2, hasSeekHeader: true },
];

interface Case {
  readonly name: string;
  /** How long it really is, in seconds. */
  readonly duration: number;
  /** Engines whose guess happens to be right for the file as it is. */
  readonly rightBefore?: readonly Engine[];
}

const CASES: readonly Case[] = [
  { name: path.basename(VBR_WITHOUT_XING.path), duration: 15 },
  { name: 'bear-vbr-no-seek-table.mp3', duration: 2.8, rightBefore: ENGINES },
  { name: 'tagged-44100-stereo.mp3', duration: 24, rightBefore: ['chromium'] },
  { name: 'mpeg2-22050-mono.mp3', duration: 24 },
  { name: 'mpeg2-24000-stereo.mp3', duration: 24 },
  { name: 'joined.mp3', duration: 30 },
  { name: 'cut-off.mp3', duration: 18.6, rightBefore: ['webkit'] },
];

const tools = findProgram(['ffmpeg']) ? [] : ['ffmpeg'];

describe.each(ENGINES)('in %s', (engine) => {
  const missing = [...missingPrograms(engine), ...tools];
  if (missing.length > 0) {
    it.skip(`repaired files play (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let folder: string;
  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    folder = await makeFolder();
    await makeFiles(folder);
    playhead = await startPlayhead({ root: folder });
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  const play = (name: string, timeoutMs: number): Promise<PlayReport> =>
    probe(browser, {
      page: `${playhead.url}/files/page.txt`,
      src: `${playhead.url}/files/${name}`,
      tag: 'audio',
      timeoutMs,
    });

  it.each(CASES)(
    '$name shows its duration and seeks when it is repaired',
    async ({ name, duration, rightBefore = [] }) => {
      const before = await play(`original/${name}`, 5000);
      if (!rightBefore.includes(engine))
        expect(Math.abs(Number(before.duration) - duration)).toBeGreaterThan(0.5);

      let after = await play(`repaired/${name}`, 20_000);
      // One more try: an engine may stall on a busy machine.
      if (!after.playedAfterSeek) after = await play(`repaired/${name}`, 20_000);
      expect(after).toMatchObject({ error: null, playRejected: null, played: true });
      expect(Math.abs(Number(after.duration) - duration)).toBeLessThan(0.5);
      expect(Math.abs(after.seekedTo! - after.seekTarget!)).toBeLessThan(1);
      expect(after.playedAfterSeek).toBe(true);
    },
    60_000,
  );
});

/** Every file as it is below `original`, and repaired below `repaired`. */
async function makeFiles(folder: string): Promise<void> {
  const original = path.join(folder, 'original');
  await mkdir(original);
  await mkdir(path.join(folder, 'repaired'));
  await writeFile(path.join(folder, 'page.txt'), 'a page');
  for (const mp3 of MADE) await makeMp3(original, mp3);
  const [sample, bear, whole] = await Promise.all([
    readFile(path.join(SAMPLES, VBR_WITHOUT_XING.path)),
    readFile(path.join(FIXTURES, 'bear-vbr-no-seek-table.mp3')),
    readFile(path.join(original, 'whole.mp3')),
  ]);
  const withHeader = await readFile(path.join(SAMPLES, 'audio/mp3-vbr-xing.mp3'));
  await writeFile(path.join(original, path.basename(VBR_WITHOUT_XING.path)), sample);
  await writeFile(path.join(original, 'bear-vbr-no-seek-table.mp3'), bear);
  await writeFile(path.join(original, 'joined.mp3'), Buffer.concat([withHeader, withHeader]));
  await writeFile(path.join(original, 'cut-off.mp3'), whole.subarray(0, Math.floor(whole.length * 0.7)));
  for (const { name } of CASES) {
    const source = new MemorySource(await readFile(path.join(original, name)));
    const { map } = await planRepairs(source, REPAIRS);
    if (!map) throw new Error(`${name} needs no repair`);
    await writeFile(path.join(folder, 'repaired', name), await map.read(0, map.size));
  }
}
