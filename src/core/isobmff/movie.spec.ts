import { describe, expect, it } from '@jest/globals';
import { box, bytes, fullBox, type Part, u32, u8 } from '../../../test/support/isobmff/box-builder.js';
import {
  audioEntry,
  dref,
  esds,
  ftyp,
  matrix,
  mdat,
  type MovieOptions,
  moov,
  stco,
  stsz,
  trak,
  type TrackOptions,
  visualEntry,
} from '../../../test/support/isobmff/movie-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { BoundedReader } from './bounded-reader.js';
import { inspectIsoBmff } from './inspect.js';

async function inspect(movie: MovieOptions, ...more: Part[]) {
  const file = bytes(ftyp(), moov(movie), mdat(new Uint8Array(100)), ...more);
  return inspectIsoBmff(new BoundedReader(SparseSource.of(file)));
}
const inspectTrack = async (options: TrackOptions, movie: MovieOptions = {}) =>
  (await inspect({ ...movie, tracks: [trak(options)] })).tracks[0]!;

describe('duration', () => {
  it.each<[string, MovieOptions, number | null]>([
    ['that of mvhd in its timescale', { timescale: 600, duration: 900 }, 1.5],
    ['that of a version 1 mvhd', { version: 1, timescale: 90_000, duration: 2 ** 40 }, 2 ** 40 / 90_000],
    ['the longest track where mvhd says 0', { duration: 0, tracks: [trak(), trak({ duration: 2500 })] }, 2.5],
    [
      'the longest track where mvhd says all ones',
      { duration: 0xffff_ffff, tracks: trak({ duration: 1500 }) },
      1.5,
    ],
    [
      'the longest track where mvhd has no timescale',
      { timescale: 0, tracks: trak({ duration: 1500 }) },
      1.5,
    ],
    ['nothing without tracks and without mvhd’s', { duration: 0, tracks: [] }, null],
  ])('of the movie is %s', async (_, movie, expected) => {
    expect((await inspect(movie)).duration).toBe(expected);
  });

  it.each<[string, TrackOptions, number | null, number]>([
    ['all of the media without edit list', { timescale: 500, duration: 1000 }, 2, 0],
    ['what the edit list leaves', { edits: [[400, 100]] }, 0.4, 0],
    ['no more than the media', { edits: [[5000, 0]] }, 1, 0],
    ['without the delay of an empty edit', { edits: [[250, -1], [1000, 0]] }, 1, 0.25], // prettier-ignore
    ['with all edits', { edits: [[300, 0], [100, -1], [300, 500]] }, 0.6, 0], // prettier-ignore
    ['all of the media for an edit of duration 0', { edits: [[0, 0]] }, 1, 0],
    ['that of a version 1 mdhd', { version: 1, duration: 3000 }, 3, 0],
    ['the sum of the samples where mdhd says all ones', { duration: 0xffff_ffff, entry: visualEntry('abcd', [1, 1]) }, 4_294_967.29, 0], // prettier-ignore
    ['nothing without timescale', { timescale: 0 }, null, 0],
  ])('of a track is %s', async (_, options, duration, startTime) => {
    expect(await inspectTrack(options)).toMatchObject({ duration, startTime });
  });

  it('of header and tracks has to agree', async () => {
    const report = await inspect({ duration: 60_000 });
    expect(report.problems).toMatchObject([
      { code: 'duration-mismatch', severity: 'warning', message: expect.stringContaining('60 s') },
    ]);
  });
});

describe('picture', () => {
  const turned = {
    0: [1, 0, 0, 1],
    90: [0, 1, -1, 0],
    180: [-1, 0, 0, -1],
    270: [0, -1, 1, 0],
  };
  it.each(Object.entries(turned))('turned by %s degrees', async (degrees, linear) => {
    const [displayWidth, displayHeight] = Number(degrees) % 180 ? [180, 320] : [320, 180];
    const expected = { rotation: Number(degrees), mirrored: false, displayWidth, displayHeight };
    expect(await inspectTrack({ matrix: matrix(linear) })).toMatchObject({
      width: 320,
      height: 180,
      ...expected,
    });
    expect(await inspectTrack({}, { matrix: matrix(linear) })).toMatchObject(expected);
  });

  it.each([
    [[-1, 0, 0, 1], 180],
    [[0, 1, 1, 0], 90],
    [[1, 0, 0, -1], 0],
  ])('mirrored by %j', async (linear, rotation) => {
    expect(await inspectTrack({ matrix: matrix(linear) })).toMatchObject({ rotation, mirrored: true });
  });

  const coded = [720, 576] as const;
  const pasp = box('pasp', u32(64, 45));
  it.each<[string, TrackOptions, [number | null, number | null]]>([
    ['what tkhd says', { size: [1024, 576], entry: visualEntry('avc1', coded) }, [1024, 576]],
    ['what tkhd says, rounded', { size: [767.6, 432.2], entry: visualEntry('avc1', coded) }, [768, 432]],
    [
      'by pasp where tkhd repeats the coded size',
      { size: coded, entry: visualEntry('avc1', coded, pasp) },
      [1024, 576],
    ],
    [
      'what tkhd says where both say something',
      { size: [1000, 576], entry: visualEntry('avc1', coded, pasp) },
      [1000, 576],
    ],
    ['by pasp where tkhd is empty', { size: [0, 0], entry: visualEntry('avc1', coded, pasp) }, [1024, 576]],
    ['the coded size otherwise', { size: [0, 0], entry: visualEntry('avc1', coded) }, [720, 576]],
    ['unknown without any', { size: [0, 0], entry: visualEntry('avc1', [0, 0]) }, [null, null]],
  ])('is shown at a size: %s', async (_, options, [displayWidth, displayHeight]) => {
    expect(await inspectTrack(options)).toMatchObject({ displayWidth, displayHeight });
  });

  it('has frames a second', async () => {
    expect(await inspectTrack({ sampleSizes: stsz(0x100, 25) })).toMatchObject({
      sampleCount: 25,
      frameRate: 25,
    });
  });
});

describe('language', () => {
  it.each<[number, string | null, string]>([
    [0x55c4, null, 'und'],
    [0x15c7, 'eng', 'packed letters'],
    [0x10b5, 'deu', 'packed letters'],
    [0, 'eng', 'the Macintosh code 0'],
    [11, 'jpn', 'a Macintosh code'],
    [138, 'jav', 'the last Macintosh code'],
    [0x7fff, null, 'unspecified'],
    [0x3ff, null, 'no code'],
    [0x8000, null, 'no letters'],
  ])('0x%s is %s: %s', async (language, expected) => {
    expect((await inspectTrack({ language })).language).toBe(expected);
  });

  it('is what an extended language box says', async () => {
    const elng = fullBox('elng', 0, 0, 'pt-BR\0');
    expect((await inspectTrack({ language: 0x15c7, inMdia: elng })).language).toBe('pt-BR');
  });

  it('is not what a broken extended language box says', async () => {
    const elng = fullBox('elng', 0, 0, '<script>\0');
    expect((await inspectTrack({ language: 0x15c7, inMdia: elng })).language).toBe('eng');
  });
});

describe('tracks', () => {
  it.each([
    ['vide', 'video'],
    ['pict', 'video'],
    ['soun', 'audio'],
    ['sbtl', 'subtitle'],
    ['subt', 'subtitle'],
    ['text', 'subtitle'],
    ['clcp', 'subtitle'],
    ['tmcd', 'timecode'],
    ['meta', 'metadata'],
    ['hint', 'hint'],
    ['odsm', 'other'],
  ])('with handler %s are %s', async (handler, kind) => {
    expect(await inspectTrack({ handler, id: 7 })).toMatchObject({ handler, kind, id: 7, enabled: true });
  });

  it('of sound whose entry has no rate count it in their timescale', async () => {
    const entry = audioEntry('twos', { rate: 0 });
    expect(await inspectTrack({ handler: 'soun', timescale: 192_000, entry })).toMatchObject({
      sampleRate: 192_000,
    });
  });

  it.each([
    [0xc0, 1],
    [0x40, 2],
  ])('of MP3 have the channels of its first frame, with mode 0x%s', async (mode, channels) => {
    const frame = bytes(u8(0xff, 0xfb, 0x90, mode), new Uint8Array(60));
    const entry = audioEntry('mp4a', {}, esds(0x6b, new Uint8Array(0)));
    const track = trak({ handler: 'soun', entry, chunkOffsets: stco(ftyp().length + 8) });
    const file = bytes(ftyp(), mdat(frame), moov({ tracks: track }));
    const { tracks } = await inspectIsoBmff(new BoundedReader(SparseSource.of(file)));
    expect(tracks[0]).toMatchObject({ codec: 'mp4a.6b', channels });
  });

  it('of text that another track refers to are chapters', async () => {
    const tref = box('tref', box('chap', u32(2)));
    const { tracks } = await inspect({ tracks: [trak({ inTrak: tref }), trak({ id: 2, handler: 'text' })] });
    expect(tracks.map(({ kind }) => kind)).toEqual(['video', 'chapters']);
  });

  it('that are broken leave the others readable', async () => {
    const report = await inspect({ tracks: [box('trak', fullBox('tkhd', 0, 3)), trak({ id: 2 })] });
    expect(report.tracks.map(({ id }) => id)).toEqual([2]);
    expect(report.problems.map(({ code }) => code)).toEqual(['malformed']);
  });

  it('are in this file as long as one data reference says so', async () => {
    const both = box('dinf', fullBox('dref', 0, 0, u32(2), fullBox('url ', 0, 0), fullBox('url ', 0, 1)));
    expect((await inspect({ tracks: trak({ dref: both }) })).problems).toEqual([]);
    expect((await inspect({ tracks: trak({ dref: dref(0) }) })).problems).toMatchObject([
      { code: 'external-media', fix: expect.any(String) },
    ]);
  });

  it('of HEVC tagged hev1 are told, and how to change it', async () => {
    const { problems } = await inspect({ tracks: trak({ entry: visualEntry('hev1', [320, 180]) }) });
    expect(problems).toMatchObject([{ code: 'hev1', fix: expect.stringContaining('/stream') }]);
  });
});
