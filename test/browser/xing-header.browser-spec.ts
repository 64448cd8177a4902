import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeMp3, type Mp3 } from '../support/audio/make-mp3.js';
import { describeRepaired, ENGINES } from '../support/browser/play-repaired.js';
import { SAMPLES, VBR_WITHOUT_XING } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
const SAMPLE = path.basename(VBR_WITHOUT_XING.path);
const BEAR = 'bear-vbr-no-seek-table.mp3';

const VBR = { half: 12, bitRate: ['-q:a', '2'], hasSeekHeader: false } as const;
const MADE: readonly Mp3[] = [
  { ...VBR, name: 'tagged-44100-stereo.mp3', sampleRate: 44_100, channels: 2, isTagged: true },
  { ...VBR, name: 'mpeg2-22050-mono.mp3', sampleRate: 22_050, channels: 1 },
  { ...VBR, name: 'mpeg2-24000-stereo.mp3', sampleRate: 24_000, channels: 2 },
  { ...VBR, name: 'whole.mp3', sampleRate: 48_000, channels: 2, hasSeekHeader: true },
];

describeRepaired(
  [
    { name: SAMPLE, duration: 15 },
    { name: BEAR, duration: 2.8, rightBefore: ENGINES },
    { name: 'tagged-44100-stereo.mp3', duration: 24, rightBefore: ['chromium'] },
    { name: 'mpeg2-22050-mono.mp3', duration: 24 },
    { name: 'mpeg2-24000-stereo.mp3', duration: 24 },
    { name: 'joined.mp3', duration: 30 },
    { name: 'cut-off.mp3', duration: 18.6, rightBefore: ['webkit'] },
  ],
  async (folder) => {
    const write = (name: string, bytes: Uint8Array) => writeFile(path.join(folder, name), bytes);
    for (const mp3 of MADE) await makeMp3(folder, mp3);
    await write(SAMPLE, await readFile(path.join(SAMPLES, VBR_WITHOUT_XING.path)));
    await write(BEAR, await readFile(path.join(FIXTURES, BEAR)));
    const withHeader = await readFile(path.join(SAMPLES, 'audio/mp3-vbr-xing.mp3'));
    await write('joined.mp3', Buffer.concat([withHeader, withHeader]));
    const whole = await readFile(path.join(folder, 'whole.mp3'));
    await write('cut-off.mp3', whole.subarray(0, Math.floor(whole.length * 0.7)));
  },
);
