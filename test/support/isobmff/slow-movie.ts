import { faststart } from '../../../src/core/repairs/faststart.js';
import { mdat, moov, noise, stco, stsz, trak, type TrackOptions } from './movie-builder.js';
import { SparseSource } from './sparse-source.js';

/** Media of 100 bytes, and other media. */
export const media = mdat(noise(100));
export const more = mdat(noise(100, 2));
/** A track of as many chunks, of 20 bytes each, as there are offsets. */
export const track = (offsets: readonly number[], options: TrackOptions = {}) =>
  trak({ sampleSizes: stsz(2, 10 * offsets.length), chunkOffsets: stco(...offsets), ...options });
/** A movie of one such track. */
export const movie = (...offsets: number[]) => moov({ tracks: track(offsets) });

/** The whole repaired file. */
export async function repaired(file: Buffer): Promise<Buffer> {
  const plan = await faststart.plan(SparseSource.of(file));
  if (plan.kind !== 'repaired') throw new Error(JSON.stringify(plan));
  return Buffer.from(await plan.map.read(0, plan.map.size));
}
