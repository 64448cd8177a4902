import { open } from 'node:fs/promises';
import { co64, ftyp, moov, noise, stsc, stsz, trak } from './isobmff/movie-builder.js';
import { largeHeader } from './isobmff/box-builder.js';

const CHUNK = 2 ** 20;

/** Writes a movie of `chunks` MiB, each different, with its moov box at the end. */
export async function writeLargeMovie(file: string, chunks: number): Promise<void> {
  const head = ftyp('isom', 'mp41');
  const start = head.length + 16;
  const offsets = Array.from({ length: chunks }, (_, index) => start + index * CHUNK);
  const track = trak({
    sampleSizes: stsz(CHUNK, chunks),
    sampleToChunk: stsc([1, 1]),
    chunkOffsets: co64(...offsets),
  });
  const handle = await open(file, 'w');
  await handle.write(Buffer.concat([head, largeHeader('mdat', chunks * CHUNK + 16)]));
  const media = noise(CHUNK);
  for (let index = 0; index < chunks; index += 1) {
    media.writeUInt32BE(index, 0);
    await handle.write(media);
  }
  await handle.write(moov({ tracks: [track] }));
  await handle.close();
}
