import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../src/core/repairs/index.js';
import { makeMp3, type Mp3 } from '../support/audio/make-mp3.js';
import { makeFolder } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { SAMPLES } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
const VBR = { half: 6, bitRate: ['-q:a', '2'], hasSeekHeader: false } as const;
const MADE: readonly Mp3[] = [
  { ...VBR, name: '44100-stereo.mp3', sampleRate: 44_100, channels: 2, isTagged: true },
  { ...VBR, name: '48000-mono.mp3', sampleRate: 48_000, channels: 1 },
  { ...VBR, name: '24000-stereo.mp3', sampleRate: 24_000, channels: 2 },
  { ...VBR, name: '22050-mono.mp3', sampleRate: 22_050, channels: 1, isTagged: true },
  { ...VBR, name: '8000-mono.mp3', sampleRate: 8000, channels: 1 },
  { ...VBR, name: 'slow.mp3', sampleRate: 44_100, channels: 2, bitRate: ['-b:a', '32k'] },
  { ...VBR, name: 'fast.mp3', sampleRate: 44_100, channels: 2, bitRate: ['-b:a', '320k'] },
  { ...VBR, name: 'with-header.mp3', sampleRate: 44_100, channels: 2, hasSeekHeader: true },
  {
    ...VBR,
    name: 'info.mp3',
    sampleRate: 44_100,
    channels: 2,
    bitRate: ['-b:a', '96k'],
    hasSeekHeader: true,
  },
];

if (findProgram(['ffmpeg']) && findProgram(['ffprobe'])) describe('a repaired MP3 for FFmpeg', compare);
else describe.skip('a repaired MP3 for FFmpeg, which is not installed', () => it('skipped', () => undefined));

function compare(): void {
  let folder: string;
  const inFolder = (name: string) => path.join(folder, name);
  beforeAll(async () => {
    folder = await makeFolder();
    for (const mp3 of MADE) await makeMp3(folder, mp3);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const cases: Record<string, () => Promise<Buffer>> = {
    'a sample': () => readFile(path.join(SAMPLES, 'audio/mp3-vbr-no-xing.mp3')),
    'a real file with padding in front': () => readFile(path.join(FIXTURES, 'bear-vbr-no-seek-table.mp3')),
    'MPEG-1 with cover and ID3v1': () => readFile(inFolder('44100-stereo.mp3')),
    'MPEG-1 mono': () => readFile(inFolder('48000-mono.mp3')),
    'MPEG-2 stereo': () => readFile(inFolder('24000-stereo.mp3')),
    'MPEG-2 mono with cover and ID3v1': () => readFile(inFolder('22050-mono.mp3')),
    'MPEG-2.5 mono': () => readFile(inFolder('8000-mono.mp3')),
    'two files of constant bit rate in one': () => joined('slow.mp3', 'fast.mp3'),
    'two files with headers in one': () => joined('with-header.mp3', 'info.mp3'),
    'a VBR file cut off': async () => cutOff(await readFile(inFolder('with-header.mp3'))),
    'a CBR file cut off': async () => cutOff(await readFile(inFolder('info.mp3'))),
  };

  it.each(Object.entries(cases))(
    '%s decodes to the same sound, and is as long as that',
    async (_, make) => {
      const original = await make();
      const { map, outcomes } = await planRepairs(new MemorySource(original), REPAIRS);
      expect(outcomes).toMatchObject([{ repair: 'xing-header', state: 'applied' }]);
      await writeFile(inFolder('original.mp3'), original);
      await writeFile(inFolder('repaired.mp3'), await map!.read(0, map!.size));

      expect(await sumOfSound('repaired.mp3')).toBe(await sumOfSound('original.mp3'));
      const sound = await secondsOfPackets('repaired.mp3');
      const duration = await run('ffprobe', [
        ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0'],
        inFolder('repaired.mp3'),
      ]);
      expect(Math.abs(Number(duration.stdout) - sound)).toBeLessThan(0.06);
    },
    30_000,
  );

  const joined = async (...names: string[]) =>
    Buffer.concat(await Promise.all(names.map((name) => readFile(inFolder(name)))));
  const cutOff = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6));

  /** Of the decoded samples. */
  async function sumOfSound(name: string): Promise<string> {
    const args = ['-v', 'quiet', '-i', inFolder(name), '-map', '0:a', '-c:a', 'pcm_s16le', '-f', 'md5', '-'];
    const { stdout } = await run('ffmpeg', args);
    expect(stdout).toMatch(/^MD5=\w{32}/);
    return stdout;
  }

  /** By the number of packets, which FFmpeg counts by reading all of the file. */
  async function secondsOfPackets(name: string): Promise<number> {
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-count_packets', '-select_streams', 'a'],
      ...['-show_entries', 'stream=nb_read_packets,sample_rate', '-of', 'json', inFolder(name)],
    ]);
    const stream = (JSON.parse(stdout) as { streams: Record<string, string>[] }).streams[0]!;
    const rate = Number(stream.sample_rate);
    return (Number(stream.nb_read_packets) * (rate >= 32_000 ? 1152 : 576)) / rate;
  }
}
