import type { RiffSource, Wave } from './wave.js';

/** Whether the sizes a WAVE file says are those it has, and the bytes of sound it really holds. */
export interface WaveSizes {
  /**
   * Whether its writer never came to fill in the sizes, or the file was cut off: its sound ends behind the end of the
   * file, or nowhere, or the whole is said to be shorter than its sound.
   */
  readonly isUnfinished: boolean;
  /** Bytes of sound, whole blocks only where the size was not written. */
  readonly dataSize: number;
}

/** Chunks behind an empty data chunk that are looked at. */
const MOST_CHUNKS = 100;

/**
 * Compares the sizes written with the file. A size of 0 is right only where nothing stands behind the chunk but other
 * chunks, up to the end of the file.
 *
 * @throws what the source throws
 */
export async function measureWave(source: RiffSource, wave: Wave): Promise<WaveSizes> {
  const { data, format, riffSize } = wave;
  const { offset, size, available } = data;
  const holdsMore = size === 0 && available >= format.blockAlign && !(await areChunks(source, offset));
  const isOpen = size > available || holdsMore;
  if (isOpen) return { isUnfinished: true, dataSize: available - (available % format.blockAlign) };
  // A last byte of padding may be missing.
  const isWholeWrong = riffSize + 8 > source.size + 1 || riffSize + 8 < offset + size;
  return { isUnfinished: isWholeWrong, dataSize: size };
}

/** Whether chunks, one behind the other, fill the file from `at` on. */
async function areChunks(source: RiffSource, at: number): Promise<boolean> {
  for (let count = 0; count < MOST_CHUNKS && at < source.size; count += 1) {
    const header = await source.read(at, 8);
    if (header.length < 8 || !/^[\x20-\x7e]{4}$/.test(String.fromCharCode(...header.subarray(0, 4))))
      return false;
    const size = new DataView(header.buffer, header.byteOffset, 8).getUint32(4, true);
    at += 8 + size + (size % 2);
  }
  return at === source.size || at === source.size + 1;
}
