import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytes, type Part, u16, u32, u8, zeros } from '../../../test/support/isobmff/box-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import {
  claim,
  element,
  endless,
  f32,
  f64,
  simpleBlock,
} from '../../../test/support/matroska/element-builder.js';
import { BoundedReader } from '../isobmff/index.js';
import { inspectMatroska } from './inspect.js';

const EBML = element(0x1a45dfa3, element(0x4282, 'webm'));
const info = (...fields: Part[]) => element(0x1549a966, fields);
const duration = (value: number) => element(0x4489, f64(value));
const entry = (type: number, codec: string, ...fields: Part[]) =>
  element(0xae, element(0xd7, u8(7)), element(0x83, u8(type)), element(0x86, codec), fields);
const tracks = (...entries: Part[]) => element(0x1654ae6b, entries);
const CLUSTER = element(0x1f43b675, element(0xe7, u8(0)), simpleBlock(1, 0));
const CUES = element(0x1c53bb6b, 'index');
const VIDEO = entry(1, 'V_VP8', element(0xe0, element(0xb0, u16(320)), element(0xba, u16(180))));

async function inspectFile(file: Uint8Array) {
  const source = SparseSource.of(file);
  const report = await inspectMatroska(new BoundedReader(source));
  return { ...report, codes: report.problems.map(({ code }) => code), source };
}
const inspect = (...parts: Part[]) => inspectFile(bytes(EBML, endless(0x18538067, parts)));
const trackOf = async (one: Buffer) => (await inspect(info(duration(5000)), tracks(one), CLUSTER)).tracks[0];

describe('the duration', () => {
  it.each<[string, number | null, Part[]]>([
    ['in milliseconds unless it says otherwise', 5, [duration(5000)]],
    ['in its own scale', 0.5, [element(0x2ad7b1, u32(100_000)), duration(5000)]],
    ['of four bytes', 2.5, [element(0x4489, f32(2500))]],
    ['of 0 as none', null, [duration(0)]],
    ['below 0 as none', null, [duration(-1)]],
    ['that is no number as none', null, [duration(NaN)]],
    ['of three bytes as none', null, [element(0x4489, zeros(3))]],
  ])('is read %s', async (_, seconds, fields) => {
    const report = await inspect(info(fields), tracks(VIDEO), CUES, CLUSTER);
    expect(report.duration).toBe(seconds);
    expect(report.codes).toEqual(seconds === null ? ['no-duration'] : []);
  });
});

describe('a track', () => {
  it('of pictures', async () => {
    expect(await trackOf(VIDEO)).toMatchObject({
      ...{
        id: 7,
        kind: 'video',
        codec: 'vp8',
        codecName: 'vp8',
        enabled: true,
        encrypted: false,
        duration: 5,
      },
      ...{ width: 320, height: 180, displayWidth: 320, displayHeight: 180, channels: null, language: 'eng' },
    });
  });

  it('of sound, with its language', async () => {
    const audio = element(0xe1, element(0xb5, f64(44_100)), element(0x9f, u8(6)));
    expect(await trackOf(entry(2, 'A_OPUS', audio, element(0x22b59c, 'ger')))).toMatchObject({
      ...{ kind: 'audio', codec: 'opus', channels: 6, sampleRate: 48_000, language: 'ger', width: null },
    });
    expect(await trackOf(entry(2, 'A_VORBIS', audio))).toMatchObject({ channels: 6, sampleRate: 44_100 });
    expect(await trackOf(entry(2, 'A_OPUS', element(0x22b59c, 'und')))).toMatchObject({ language: null });
    const bcp = element(0x22b59d, 'de-CH');
    expect(await trackOf(entry(2, 'A_OPUS', element(0x22b59c, 'ger'), bcp))).toMatchObject({
      language: 'de-CH',
    });
  });

  it.each([
    ['V_VP9', '010100020128030108', 'vp09.00.40.08'],
    ['V_VP9', '', 'vp9'],
    ['V_AV1', '81000c00', 'av01.0.00M.08'],
    ['V_MPEG4/ISO/AVC', '0164000dffe100', 'avc1.64000d'],
    ['V_MPEG4/ISO/AVC', '01', null],
    ['V_MPEGH/ISO/HEVC', '01016000000090000000000' + '03c', 'hvc1.1.6.L60.90'],
    ['A_AAC', '1190', 'mp4a.40.2'],
    ['A_AAC/MPEG4/LC/SBR', '', 'mp4a.40.2'],
    ['A_VORBIS', '', 'vorbis'],
    ['A_FLAC', '', 'flac'],
    ['A_MPEG/L3', '', 'mp3'],
    ['A_AC3', '', 'ac-3'],
    ['A_UNKNOWN', '', null],
  ])('of %s with the configuration "%s" is %s', async (id, configuration, codec) => {
    const fields = configuration ? element(0x63a2, Buffer.from(configuration, 'hex')) : [];
    expect((await trackOf(entry(1, id, fields)))?.codec).toBe(codec);
  });

  it('that is encrypted', async () => {
    const encodings = element(0x6d80, element(0x6240, element(0x5035, element(0x47e1, u8(5)))));
    expect(await trackOf(entry(1, 'V_VP9', encodings))).toMatchObject({ encrypted: true });
  });
});

describe('the layout', () => {
  const seekTo = (id: number, position: number) =>
    element(0x114d9b74, element(0x4dbb, element(0x53ab, u32(id)), element(0x53ac, u32(position))));
  const head = (position: number) => [seekTo(0x1c53bb6b, position), info(duration(9)), tracks(VIDEO)];

  it('with an index at the end, to which a SeekHead leads', async () => {
    const position = bytes(head(0), CLUSTER).length;
    expect((await inspect(head(position), CLUSTER, CUES)).codes).toEqual([]);
  });

  it.each([
    ['is missing', [info(duration(9)), tracks(VIDEO), CLUSTER]],
    ['is not where the SeekHead leads', [head(3), CLUSTER, CUES]],
    ['is said to be behind the end', [head(2 ** 31), CLUSTER]],
  ])('whose index %s', async (_, parts) => {
    expect((await inspect(...parts)).codes).toEqual(['no-cues']);
  });

  it('that is cut off', async () => {
    const whole = bytes(
      EBML,
      element(0x18538067, info(duration(9)), tracks(VIDEO), CUES, CLUSTER, zeros(200)),
    );
    const report = await inspectFile(whole.subarray(0, -100));
    expect(report.codes).toEqual(['truncated']);
    expect(report.problems[0]?.message).toContain('100 bytes are missing');
  });

  it('of a long film costs kilobytes', async () => {
    const start = bytes(
      EBML,
      claim(0x18538067, 2 ** 40),
      info(duration(9)),
      tracks(VIDEO),
      claim(0x1f43b675, 2 ** 40),
    );
    const source = new SparseSource(2 ** 40, [{ offset: 0, bytes: start }]);
    await inspectMatroska(new BoundedReader(source));
    expect(source.bytesRead).toBeLessThan(10_000);
  });
});

describe('hostile files', () => {
  it.each<[string, Part[]]>([
    ['an endless row of nothing', [zeros(100_000)]],
    ['elements without data', [Array.from({ length: 5000 }, () => u8(0xec, 0x80))]],
    ['a track that claims more than there is', [info(), claim(0x1654ae6b, 2 ** 50), VIDEO]],
    ['sizes near 2^56', [bytes(u32(0x1549a966), Buffer.from('01fffffffffffffe', 'hex')), CLUSTER]],
  ])('with %s are no error', async (_, parts) => {
    const { source } = await inspect(...parts);
    expect(source.reads).toBeLessThan(300);
  });

  it('of any bytes are no error', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (noise, inside) => {
        const parts = inside ? [info(noise), tracks(element(0xae, noise)), noise] : [noise];
        const { source } = await inspect(...parts);
        expect(source.reads).toBeLessThan(50);
      }),
      { numRuns: 500 },
    ));
});
