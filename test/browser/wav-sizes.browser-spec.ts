import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { wave, type WaveSpec } from '../support/audio/wave-builder.js';
import { describeRepaired, ENGINES } from '../support/browser/play-repaired.js';

const UNKNOWN = 0xffff_ffff;
const SECONDS = 12;
/** A tone of 400 Hz. */
const sound = Buffer.alloc(SECONDS * 8000 * 2);
for (let at = 0; at < sound.length; at += 2) sound.writeInt16LE(at % 40 < 20 ? 3000 : -3000, at);

const FILES: Readonly<Record<string, WaveSpec>> = {
  'nothing-filled-in.wav': { riffSize: 0, dataSize: 0 },
  'header-alone-filled-in.wav': { riffSize: 36, dataSize: 0 },
  'written-into-a-pipe.wav': { riffSize: UNKNOWN, dataSize: UNKNOWN },
  'cut-off.wav': { riffSize: 36 + 3 * sound.length, dataSize: 3 * sound.length },
};

describeRepaired(
  // Firefox takes a size of 0 as it is; the others, and all where a size is too large, play to the end of the file.
  Object.entries(FILES).map(([name, { dataSize }]) => ({
    name,
    duration: SECONDS,
    rightBefore: dataSize === 0 ? ['chromium', 'webkit'] : ENGINES,
  })),
  async (folder) => {
    for (const [name, spec] of Object.entries(FILES))
      await writeFile(path.join(folder, name), wave({ ...spec, sound }));
  },
);
