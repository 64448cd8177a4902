import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { compareMedia, planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { relocationFaults } from '../support/isobmff/relocation-check.js';
import { findProgram, run } from '../support/programs.js';
import { SAMPLES } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
const FASTSTART = REPAIRS.filter(({ name }) => name === 'faststart');
const MOOV_LAST = path.join(SAMPLES, 'video/mp4-moov-last.mp4');
/** Real files with their moov box behind the media. */
const SLOW = [
  MOOV_LAST,
  path.join(SAMPLES, 'video/quicktime.mov'),
  ...[
    'bbb_mono_16kHz_23.05kbps_amrwb.3gp',
    'bt601.mov',
    'dolbyVision-hdr.MOV',
    'edit_list_positive_shift.mp4',
    'fixture.m4a',
    'fixture.mov',
    'sample.mp4',
    'sample_av1.mp4',
    'sample_empty_track.mp4',
    'sample_opus.mp4',
    'sample_sef_slow_motion.mp4',
  ].map((name) => path.join(FIXTURES, name)),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'playhead-faststart-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the repaired file beside, and answers where. */
async function repairToDisk(file: string): Promise<string> {
  const { map } = await planRepairs(new MemorySource(readFileSync(file)), FASTSTART);
  if (!map) throw new Error(`${path.basename(file)} was not repaired`);
  const repaired = path.join(folder, `repaired-${path.basename(file)}`);
  writeFileSync(repaired, await buffer(map.stream(0, map.size)));
  return repaired;
}

describe.each(SLOW.map((file) => [path.basename(file), file]))('%s, made to start fast', (_, file) => {
  let repaired: string;
  beforeAll(async () => {
    repaired = await repairToDisk(file);
  });

  it('is the same file but for the place of moov and what points into the media', async () => {
    const [before, after] = [readFileSync(file), readFileSync(repaired)];
    expect(relocationFaults(before, after)).toEqual([]);
    const sources = [new MemorySource(before), new MemorySource(after)] as const;
    expect(await compareMedia(...sources, { chunks: 'all' })).toBeUndefined();
  });

  withProgram('ffmpeg', 'holds the same packets in every stream', async () => {
    const [before, after] = [await packetsOf(file), await packetsOf(repaired)];
    expect(before.split('\n').length).toBeGreaterThan(10);
    expect(after).toBe(before);
  });

  withProgram('ffprobe', 'is described alike', async () => {
    expect(await describeFile(repaired)).toBe(await describeFile(file));
  });

  withProgram('qt-faststart', 'is what qt-faststart makes of it, where it can', async () => {
    const theirs = path.join(folder, `theirs-${path.basename(file)}`);
    await run('qt-faststart', [file, theirs]);
    // It leaves alone what has a box behind moov that it does not know.
    if (existsSync(theirs)) expect(readFileSync(repaired).equals(readFileSync(theirs))).toBe(true);
    else expect(path.basename(file)).toBe('sample_sef_slow_motion.mp4');
  });
});

describe('media encrypted by sample', () => {
  withProgram('ffmpeg', 'is decrypted as before', async () => {
    const key = '76a6c65c5ea762046bd749a2e632ccbb';
    const encrypted = path.join(folder, 'encrypted.mp4');
    const scheme = ['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', key];
    const to = ['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8', '-y', encrypted];
    await run('ffmpeg', ['-v', 'error', '-i', MOOV_LAST, '-c', 'copy', ...scheme, ...to]);
    const repaired = await repairToDisk(encrypted);
    expect(relocationFaults(readFileSync(encrypted), readFileSync(repaired))).toEqual([]);
    const clear = await packetsOf(repaired, '-decryption_key', key);
    expect(clear).toBe(await packetsOf(encrypted, '-decryption_key', key));
    expect(hashesOf(clear)).toEqual(hashesOf(await packetsOf(MOOV_LAST)));
  });
});

it('every other real file is left alone', async () => {
  const others = [path.join(SAMPLES, 'video'), path.join(SAMPLES, 'audio'), FIXTURES]
    .flatMap((place) => readdirSync(place).map((name) => path.join(place, name)))
    .filter((file) => !SLOW.includes(file));
  expect(others.length).toBeGreaterThan(15);
  for (const file of others) {
    const { applied, outcomes } = await planRepairs(new MemorySource(readFileSync(file)), FASTSTART);
    expect(applied).toEqual([]);
    // This one was published without its media.
    const reason = path.basename(file) === 'sample_qt.mp4' ? [{ reason: 'no-mdat' }] : [];
    expect(outcomes).toMatchObject(reason);
  }
});

/** Every packet of every stream, as time, size and MD5. */
async function packetsOf(file: string, ...options: string[]): Promise<string> {
  const args = ['-v', 'error', ...options, '-i', file, '-map', '0', '-c', 'copy', '-f', 'framemd5', '-'];
  return (await run('ffmpeg', args)).stdout;
}

function hashesOf(packets: string): (string | undefined)[] {
  const lines = packets.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split(',')[5]);
}

async function describeFile(file: string): Promise<string> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', file]);
  return stdout.replace(/^filename=.*$/m, '');
}

function withProgram(program: string, name: string, test: () => Promise<void>): void {
  if (findProgram([program])) it(name, test);
  else it.skip(`${name} (${program} is not installed)`, () => undefined);
}
