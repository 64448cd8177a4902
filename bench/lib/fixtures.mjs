// The files that are served. Made once, kept in the bench's folder.
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
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

/** The digest of a file. */
export async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: MiB }), hash);
  return hash.digest();
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
    await sparseMovie(path.join(target, SPARSE_NAME), await partsOf(sample, SPARSE_SIZE), SPARSE_SIZE);
  });
}

/** A folder with a movie of 1 GiB of random content whose `moov` comes last, under the name of the random file. */
export function slowMovie(folder, sample) {
  return madeOnce(path.join(folder, 'slow-movie'), async (target) => {
    const { head, moov } = await partsOf(sample, FILE_SIZE);
    const block = Buffer.alloc(MiB);
    const parts = function* () {
      yield head;
      for (let left = FILE_SIZE - head.length - moov.length; left > 0; left -= block.length)
        yield Buffer.from(randomFillSync(block)).subarray(0, left);
      yield moov;
    };
    await pipeline(Readable.from(parts()), createWriteStream(path.join(target, FILE_NAME)));
  });
}

const MOVIES = { '5 MB': 5e6, '300 MB': 3e8, '5 GiB': SPARSE_SIZE };
/** The names of the movies of {@link moviesOfSizes}, the smallest first. */
export const SIZES = Object.keys(MOVIES).map((size) => `${size}-moov-last.mp4`);

/** A folder with sparse movies of 5 MB, 300 MB and 5 GiB whose `moov` comes last. */
export function moviesOfSizes(folder, sample) {
  return madeOnce(path.join(folder, 'movies-of-sizes'), async (target) => {
    for (const [index, size] of Object.values(MOVIES).entries())
      await sparseMovie(path.join(target, SIZES[index]), await partsOf(sample, size), size);
  });
}

export const FILMS = 200;

/** A folder with different sparse movies of 100 MB, each with a `moov` of 1 MiB at the end. */
export function films(folder, sample) {
  return madeOnce(path.join(folder, `films-${FILMS}`), async (target) => {
    for (let index = 0; index < FILMS; index++)
      await sparseMovie(path.join(target, `${index}.mp4`), await partsOf(sample, 1e8, MiB), 1e8);
  });
}

/** A folder with the movie of 1 GiB under its name, and the {@link films} in `films`. */
export async function movieAndFilms(folder, sample) {
  const movie = await slowMovie(folder, sample);
  const many = await films(folder, sample);
  return madeOnce(path.join(folder, 'movie-and-films'), async (target) => {
    await link(path.join(movie, FILE_NAME), path.join(target, FILE_NAME));
    await mkdir(path.join(target, 'films'));
    for (const name of await readdir(many))
      await link(path.join(many, name), path.join(target, 'films', name));
  });
}

/**
 * What stands in front of the media and behind it: `ftyp` and the header of an `mdat` that fills the file up to its size,
 * and the `moov` of a small file, whose offsets then lie in that `mdat`.
 * @param padding bytes of a `free` box at the end of `moov`
 */
async function partsOf(sample, size, padding = 0) {
  const small = await readFile(sample);
  const ftyp = box(small, 'ftyp');
  const moov = Buffer.concat([box(small, 'moov'), Buffer.alloc(padding)]);
  if (padding > 0) {
    moov.writeUInt32BE(padding, moov.length - padding);
    moov.write('free', moov.length - padding + 4, 'latin1');
    moov.writeUInt32BE(moov.length, 0);
  }
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1, 0); // the size follows in 64 bits
  header.write('mdat', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(size - ftyp.length - moov.length), 8);
  return { head: Buffer.concat([ftyp, header]), moov };
}

async function sparseMovie(target, { head, moov }, size) {
  const file = await open(target, 'w');
  try {
    await file.write(head, 0, undefined, 0);
    await file.write(moov, 0, undefined, size - moov.length);
  } finally {
    await file.close();
  }
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
export async function madeOnce(folder, make) {
  if (await stat(folder).catch(() => undefined)) return folder;
  console.log(`making ${path.basename(folder)}`);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  await make(unfinished);
  await rename(unfinished, folder);
  return folder;
}
