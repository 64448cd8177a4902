import { describe, expect, it } from '@jest/globals';
import {
  box,
  bytes,
  fullBox,
  type Part,
  u16,
  u32,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import { audioEntry, avcC, esds, visualEntry } from '../../../test/support/isobmff/movie-builder.js';
import { Payload } from './payload.js';
import { parseSampleEntry, type EntryForm } from './sample-entry.js';

/** Parses an entry that was built with its header. */
function parse(form: EntryForm, entry: Buffer, version = 0) {
  return parseSampleEntry(entry.toString('latin1', 4, 8), new Payload(entry.subarray(8)), form, version);
}
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const visual = (type: string, ...boxes: Part[]) => parse('visual', visualEntry(type, [640, 360], ...boxes));
const audio = (type: string, ...boxes: Part[]) => parse('audio', audioEntry(type, {}, ...boxes));

const HVCC = hex('01 01 60000000 900000000000 3c f000 fc fd f8 f8 00 00 0f 00');

describe('codec string and name of pictures', () => {
  it.each<[string, string, Part, string, string]>([
    ['AVC', 'avc1', avcC, 'avc1.64000d', 'h264'],
    ['AVC with parameter sets in band', 'avc3', avcC, 'avc3.64000d', 'h264'],
    ['AVC, constrained baseline', 'avc1', box('avcC', hex('01 42 c0 1f ff')), 'avc1.42c01f', 'h264'],
    ['HEVC', 'hvc1', box('hvcC', HVCC), 'hvc1.1.6.L60.90', 'hevc'],
    ['HEVC tagged hev1', 'hev1', box('hvcC', HVCC), 'hev1.1.6.L60.90', 'hevc'],
    [
      'HEVC, space B, high tier, no constraints',
      'hvc1',
      box('hvcC', hex('01 a2 20000000 000000000000 5d 00')),
      'hvc1.B2.4.H93',
      'hevc',
    ],
    ['AV1', 'av01', box('av1C', hex('81 00 0c 00')), 'av01.0.00M.08', 'av1'],
    ['AV1, 10 bits, high tier', 'av01', box('av1C', hex('81 2d c0 00')), 'av01.1.13H.10', 'av1'],
    ['AV1, 12 bits', 'av01', box('av1C', hex('81 4d 60 00')), 'av01.2.13M.12', 'av1'],
    ['VP9', 'vp09', fullBox('vpcC', 1, 0, hex('02 1f a0 010101 0000')), 'vp09.02.31.10', 'vp9'],
    ['VP8', 'vp08', fullBox('vpcC', 1, 0, hex('00 0a 80 010101 0000')), 'vp08.00.10.08', 'vp8'],
    ['MPEG-4 Visual', 'mp4v', esds(0x20, hex('000001b0 01')), 'mp4v.20.1', 'mpeg4'],
    ['MPEG-4 Visual without profile', 'mp4v', esds(0x20, hex('')), 'mp4v.20', 'mpeg4'],
    ['MPEG-2 video', 'mp4v', esds(0x61, hex('')), 'mp4v.61', 'mpeg2video'],
    ['Dolby Vision', 'dvh1', box('dvcC', hex('01 00 0a 35 00')), 'dvh1.05.06', 'hevc'],
    ['Dolby Vision, second box', 'dvhe', box('dvvC', hex('01 00 10 4d 00')), 'dvhe.08.09', 'hevc'],
    ['Motion JPEG', 'jpeg', [], 'jpeg', 'mjpeg'],
    ['ProRes', 'apch', [], 'apch', 'prores'],
    ['H.263', 's263', box('d263', zeros(7)), 's263', 'h263'],
    ['uncompressed', '2vuy', [], '2vuy', 'rawvideo'],
    ['AVC without configuration', 'avc1', [], 'avc1', 'h264'],
    ['AVC with a configuration cut off', 'avc1', box('avcC', u8(1)), 'avc1', 'h264'],
  ])('%s', (_, type, configuration, codec, codecName) => {
    expect(visual(type, configuration)).toMatchObject({ type, codec, codecName, width: 640, height: 360 });
  });

  it('unknown types keep their name', () => {
    expect(visual('zzzz')).toMatchObject({ codec: 'zzzz', codecName: null });
  });
});

describe('codec string and name of sound', () => {
  it.each<[string, string, Part, string, string, number, number]>([
    [
      'AAC LC, mono though the entry says two',
      'mp4a',
      esds(0x40, hex('1188')),
      'mp4a.40.2',
      'aac',
      1,
      48_000,
    ],
    ['AAC of MPEG-2', 'mp4a', esds(0x67, hex('1190')), 'mp4a.67', 'aac', 2, 48_000],
    ['HE-AAC', 'mp4a', esds(0x40, hex('2b920800')), 'mp4a.40.5', 'aac', 2, 44_100],
    ['HE-AAC told by the rate of the entry', 'mp4a', esds(0x40, hex('1310')), 'mp4a.40.2', 'aac', 2, 48_000],
    [
      'AAC of a rate the entry does not double',
      'mp4a',
      esds(0x40, hex('1390')),
      'mp4a.40.2',
      'aac',
      2,
      22_050,
    ],
    ['MP3', 'mp4a', esds(0x6b, hex('')), 'mp4a.6b', 'mp3', 2, 48_000],
    ['MP3 of MPEG-2', 'mp4a', esds(0x69, hex('')), 'mp4a.69', 'mp3', 2, 48_000],
    ['MP3 of QuickTime', '.mp3', [], 'mp3', 'mp3', 2, 48_000],
    [
      'Vorbis',
      'mp4a',
      esds(0xdd, bytes(u16(30), '\x01vorbis', u32(0), u8(6), hex('80bb0000'))),
      'mp4a.dd',
      'vorbis',
      6,
      48_000,
    ],
    ['AAC without esds', 'mp4a', [], 'mp4a', 'aac', 2, 48_000],
    ['Opus', 'Opus', box('dOps', u8(0, 6), u16(312), u32(44_100)), 'opus', 'opus', 6, 48_000],
    [
      'FLAC at 96 kHz',
      'fLaC',
      fullBox('dfLa', 0, 0, u32(0x8000_0022), zeros(10), hex('17700b70'), zeros(20)),
      'flac',
      'flac',
      6,
      96_000,
    ],
    [
      'ALAC at 96 kHz',
      'alac',
      fullBox('alac', 0, 0, zeros(9), u8(6), zeros(10), u32(96_000)),
      'alac',
      'alac',
      6,
      96_000,
    ],
    ['AC-3 5.1', 'ac-3', box('dac3', hex('103dc0')), 'ac-3', 'ac3', 6, 48_000],
    ['AC-3 mono at 44.1 kHz', 'ac-3', box('dac3', hex('5008c0')), 'ac-3', 'ac3', 1, 44_100],
    ['E-AC-3 5.1', 'ec-3', box('dec3', hex('0c00 200f00')), 'ec-3', 'eac3', 6, 48_000],
    ['E-AC-3 7.1', 'ec-3', box('dec3', hex('0c00 200f02 02')), 'ec-3', 'eac3', 8, 48_000],
    ['DTS 5.1', 'dtsc', box('ddts', u32(48_000), zeros(13), hex('000f00')), 'dtsc', 'dts', 6, 48_000],
    ['TrueHD', 'mlpa', box('dmlp', hex('8007804f 0000 0000 0000')), 'mlpa', 'truehd', 8, 44_100],
    ['AMR, whatever the entry says', 'samr', box('damr', zeros(9)), 'samr', 'amr_nb', 1, 8000],
    ['AMR wideband', 'sawb', box('damr', zeros(9)), 'sawb', 'amr_wb', 1, 16_000],
    ['little-endian PCM', 'sowt', [], 'sowt', 'pcm_s16le', 2, 48_000],
    ['big-endian PCM', 'twos', [], 'twos', 'pcm_s16be', 2, 48_000],
    ['24 bits, big-endian', 'in24', [], 'in24', 'pcm_s24be', 2, 48_000],
    ['24 bits, little-endian', 'in24', box('wave', box('enda', u16(1))), 'in24', 'pcm_s24le', 2, 48_000],
    ['ISO PCM', 'ipcm', fullBox('pcmC', 0, 0, u8(1, 24)), 'ipcm', 'pcm_s24le', 2, 48_000],
    ['ISO floating-point PCM', 'fpcm', fullBox('pcmC', 0, 0, u8(0, 32)), 'fpcm', 'pcm_f32be', 2, 48_000],
    ['µ-law', 'ulaw', [], 'ulaw', 'pcm_mulaw', 2, 48_000],
  ])('%s', (_, type, configuration, codec, codecName, channels, sampleRate) => {
    expect(audio(type, configuration)).toMatchObject({ type, codec, codecName, channels, sampleRate });
  });

  it('of QuickTime has its configuration in wave, behind 16 bytes more', () => {
    const wave = box('wave', box('frma', 'mp4a'), box('mp4a', zeros(4)), esds(0x40, hex('1188')), zeros(8));
    const entry = audioEntry('mp4a', { version: 1 }, wave);
    expect(parse('audio', entry)).toMatchObject({ codec: 'mp4a.40.2', channels: 1 });
  });

  it('of a version 1 entry in an ISO file has none', () => {
    const iso = audioEntry('mp4a', {}, esds(0x40, hex('1188')));
    iso.writeUInt16BE(1, 16);
    expect(parse('audio', iso, 1)).toMatchObject({ codec: 'mp4a.40.2', channels: 1 });
    expect(parse('audio', iso, 0)).toMatchObject({ codec: 'mp4a.40.2', channels: 1 });
  });

  it('of version 2 has fields of its own', () => {
    const rate = Buffer.alloc(8);
    rate.writeDoubleBE(192_000);
    const fields = [u16(2, 0), zeros(4), u16(3, 16, 0xfffe, 0), u32(65_536, 72), rate, u32(8, 0x7f00_0000)];
    const lpcm = (bits: number, flags: number) =>
      parse('audio', box('lpcm', zeros(6), u16(1), fields, u32(bits, flags, 3, 1)));
    expect(lpcm(24, 4)).toMatchObject({ channels: 8, sampleRate: 192_000, codecName: 'pcm_s24le' });
    expect(lpcm(32, 3).codecName).toBe('pcm_f32be');
    expect(lpcm(8, 0).codecName).toBe('pcm_u8');
    rate.writeDoubleBE(NaN);
    expect(lpcm(16, 6)).toMatchObject({ sampleRate: null, codecName: 'pcm_s16be' });
  });
});

describe('protection', () => {
  const sinf = box('sinf', box('frma', 'hvc1'), fullBox('schm', 0, 0, 'cbcs', u32(0x1_0000)));

  it('names the format beneath and the scheme', () => {
    expect(visual('encv', box('hvcC', HVCC), sinf)).toMatchObject({
      type: 'encv',
      originalType: 'hvc1',
      codec: 'hvc1.1.6.L60.90',
      codecName: 'hevc',
      encrypted: true,
      encryptionScheme: 'cbcs',
    });
  });

  it('is told even where nothing is said of it', () => {
    expect(audio('enca')).toMatchObject({ encrypted: true, encryptionScheme: null, codec: 'enca' });
  });
});

describe('other entries', () => {
  it.each([
    ['tx3g', 'mov_text'],
    ['text', 'mov_text'],
    ['wvtt', 'webvtt'],
    ['stpp', 'ttml'],
    ['c608', 'eia_608'],
    ['tmcd', null],
    ['mett', null],
  ])('%s is %s', (type, codecName) => {
    const entry = parse('other', box(type, zeros(8), u16(0xffff, 0xffff)));
    expect(entry).toMatchObject({ codec: type, codecName, width: null, channels: null });
  });

  it.each([0, 1, 7, 8, 20, 30])('of %d bytes are no reason to fail', (length) => {
    for (const form of ['visual', 'audio', 'other'] as const) {
      expect(parse(form, box('avc1', zeros(length)))).toMatchObject({ type: 'avc1', bitRate: null });
    }
  });

  it('say their bit rate', () => {
    expect(audio('mp4a', esds(0x40, hex('1190'), 128_000)).bitRate).toBe(128_000);
    expect(visual('avc1', avcC, box('btrt', u32(0, 0, 2_000_000))).bitRate).toBe(2_000_000);
  });
});
