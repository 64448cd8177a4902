import { describe, expect, it } from '@jest/globals';
import { box, bytes, type Part, zeros } from '../../../test/support/isobmff/box-builder.js';
import {
  ftyp,
  mdat,
  moof,
  moov,
  mvex,
  sidx,
  stsz,
  trak,
} from '../../../test/support/isobmff/movie-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from './bounded-reader.js';
import { inspectIsoBmff } from './inspect.js';

const EMPTY = { duration: 0, sampleSizes: stsz(0, 0) };
const media = mdat(zeros(10));
/** moov of one or two empty tracks of timescale 1000, samples lasting 40 unless fragments say otherwise. */
const movie = (tracks: readonly Part[] = [trak(EMPTY)], promised?: number) =>
  moov({ duration: 0, tracks, more: mvex([[1, 40], [2, 40]], promised) }); // prettier-ignore

async function inspect(...parts: Part[]) {
  const source = SparseSource.of(bytes(ftyp('iso5'), ...parts));
  const report = await inspectIsoBmff(new BoundedReader(source));
  expect(report.fragmented).toBe(true);
  expect(source.bytesRead).toBeLessThan(source.size + 64 * 1024);
  return report;
}
const durationOf = async (...parts: Part[]) => (await inspect(...parts)).duration;

describe('the duration of a fragmented movie', () => {
  it('is when its last fragment ends', async () => {
    expect(await durationOf(movie(), moof({ start: 0 }), media, moof({ start: 400, count: 5 }), media)).toBe(
      0.6,
    );
  });

  it('is the sum of all fragments where none says when it begins', async () => {
    const fragments = Array.from({ length: 50 }, () => [moof({}), media]);
    expect(await durationOf(movie(), fragments)).toBe(20);
  });

  it('goes by the durations of samples, of the fragment, of the movie, in this order', async () => {
    expect(await durationOf(movie(), moof({ start: 0, durations: [10, 20, 70] }), media)).toBe(0.1);
    expect(await durationOf(movie(), moof({ start: 0, defaultDuration: 100 }), media)).toBe(1);
    expect(await durationOf(movie(), moof({ start: 0 }), media)).toBe(0.4);
  });

  it('is that of the longest track', async () => {
    const report = await inspect(
      movie([trak(EMPTY), trak({ ...EMPTY, id: 2, handler: 'soun' })]),
      [moof({ start: 0 }), media],
      [moof({ id: 2, start: 0, count: 12 }), media],
    );
    expect(report.duration).toBe(0.48);
    expect(report.tracks.map(({ duration }) => duration)).toEqual([0.4, 0.48]);
  });

  it('is that of a track whose last fragment lies far from the end', async () => {
    const tracks = [trak(EMPTY), trak({ ...EMPTY, id: 2, handler: 'soun' })];
    const many = Array.from({ length: 40 }, (_, index) => [
      moof({ id: 2, start: index * 40, count: 1 }),
      media,
    ]);
    const report = await inspect(movie(tracks), moof({ start: 0, count: 30 }), media, many);
    expect(report.tracks.map(({ duration }) => duration)).toEqual([1.2, 1.6]);
  });

  it('counts the samples in moov', async () => {
    const withSamples = movie([trak({ duration: 1000 })]);
    expect(await durationOf(withSamples, media, moof({}), media)).toBe(1.4);
  });

  it('counts by how much one track is shown later than another', async () => {
    const tracks = [trak(EMPTY), trak({ ...EMPTY, id: 2, handler: 'soun' })];
    const fragments = [
      moof({ start: 0, offsets: [80, 160, 0] }),
      media,
      moof({ id: 2, start: 0, count: 3 }),
      media,
    ];
    expect(await durationOf(movie(tracks), fragments)).toBe(0.2);
  });

  it('is what an index of the whole file says, without looking at the fragments', async () => {
    const fragment = bytes(moof({ start: 0 }), media);
    const index = sidx(1000, [[fragment.length, 700], [fragment.length, 800]]); // prettier-ignore
    expect(await durationOf(movie(), index, fragment, fragment)).toBe(1.5);
  });

  it('is not what an index of one segment says', async () => {
    const fragment = bytes(moof({ start: 0 }), media);
    const last = bytes(moof({ start: 5000 }), media);
    const index = (length: number) => sidx(1000, [[length, 400]]);
    expect(await durationOf(movie(), index(fragment.length), fragment, index(9), last)).toBe(5.4);
  });

  it('is what mehd promises where fragments are missing', async () => {
    expect(await durationOf(movie([trak(EMPTY)], 90_000))).toBe(90);
  });

  it('is what mehd promises where no fragment can be read', async () => {
    expect(await durationOf(movie([trak(EMPTY)], 90_000), box('moof'), media)).toBe(90);
  });

  it('is unknown where nothing says', async () => {
    expect(await durationOf(movie())).toBeNull();
    expect(await durationOf(movie(), box('moof', box('traf')), media)).toBeNull();
  });

  it('does not count samples beyond a run cut short', async () => {
    const run = moof({ start: 0, durations: [10, 20, 70] });
    run.writeUInt32BE(0xffff_ffff, run.indexOf('trun') + 8);
    expect(await durationOf(movie(), run, media)).toBe(0.1);
  });
});
