// The files that are served. Made once, kept in the bench's folder.
import { randomFillSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

const MiB = 1024 * 1024;
export const FILE_SIZE = 1024 * MiB;
export const FILE_NAME = 'one-gibibyte.mp4';
export const ENTRIES = 100_000;
export const SPARSE_SIZE = 5 * 1024 * MiB;
export const SPARSE_NAME = 'five-gibibytes-moov-last.mp4';

/** A folder with one file of random content: nothing on the way can compress it or leave holes in it. */
export function randomFile(folder) {
  return madeOnce(path.join(folder, 'files'), async (target) => {
    const block = Buffer.alloc(MiB);
    const blocks = function* () {
      for (let i = 0; i < FILE_SIZE / MiB; i++) yield Buffer.from(randomFillSync(block));
    };
    await pipeline(Readable.from(blocks()), createWriteStream(path.join(target, FILE_NAME)));
  });
}

/** Reads a file once, so that it comes from memory from then on. */
export async function warm(file) {
  await finished(createReadStream(file, { highWaterMark: MiB }).resume());
}

/** A folder with 100,000 empty files, as a camera, a series and a playlist would name them. */
export function manyFiles(folder) {
  const names = [
    (i) => `clip_${String(i).padStart(6, '0')}.mp4`,
    (i) => `Episode ${i}.mkv`,
    (i) => `Épisode ${i}.srt`,
    (i) => `IMG-${i}.jpg`,
    (i) => `${i} - Track.mp3`,
  ];
  return madeOnce(path.join(folder, `entries-${ENTRIES}`), async (target) => {
    const GROUP = 500;
    for (let first = 0; first < ENTRIES; first += GROUP) {
      const group = Array.from({ length: GROUP }, (_, i) => first + i);
      await Promise.all(group.map((i) => writeFile(path.join(target, names[i % names.length](i)), '')));
    }
  });
}

/**
 * A folder with a 5 GiB MP4 whose `moov` comes last: `ftyp`, a sparse `mdat`, and the `moov` of a small file. Its
 * chunk offsets are not right, which no reader of boxes notices.
 */
export function moovLastFile(folder, sample) {
  return madeOnce(path.join(folder, 'moov-last'), async (target) => {
    const small = await readFile(sample);
    const ftyp = box(small, 'ftyp');
    const moov = box(small, 'moov');
    const header = Buffer.alloc(16);
    header.writeUInt32BE(1, 0); // the size follows in 64 bits
    header.write('mdat', 4, 'latin1');
    header.writeBigUInt64BE(BigInt(SPARSE_SIZE - ftyp.length - moov.length), 8);
    const file = await open(path.join(target, SPARSE_NAME), 'w');
    try {
      await file.write(Buffer.concat([ftyp, header]), 0, undefined, 0);
      await file.write(moov, 0, undefined, SPARSE_SIZE - moov.length);
    } finally {
      await file.close();
    }
  });
}

/** A top-level box of a small file, with its header. */
function box(bytes, type) {
  for (let offset = 0; offset + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(offset);
    if (bytes.latin1Slice(offset + 4, offset + 8) === type) return bytes.subarray(offset, offset + size);
    if (size < 8) break;
    offset += size;
  }
  throw new Error(`the sample has no ${type} box where one is expected`);
}

/** Made under another name first: an interrupted run leaves nothing that looks complete. */
async function madeOnce(folder, make) {
  if (await stat(folder).catch(() => undefined)) return folder;
  console.log(`making ${path.basename(folder)}`);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  await make(unfinished);
  await rename(unfinished, folder);
  return folder;
}
