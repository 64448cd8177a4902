import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  box,
  bytes,
  header,
  type Part,
  u16,
  u32,
  u8,
  zeros,
} from '../../../test/support/isobmff/box-builder.js';
import { AAC_ENTRY, ftyp, mdat, moov, trak } from '../../../test/support/isobmff/movie-builder.js';
import { SparseSource } from '../../../test/support/isobmff/sparse-source.js';
import { inspectMedia } from './inspect-media.js';

const inspect = (...parts: Part[]) => inspectMedia(SparseSource.of(bytes(...parts)));
const sound = moov({ tracks: trak({ handler: 'soun', entry: AAC_ENTRY }) });
const media = mdat(zeros(100));

describe('containers of the ISO base media family', () => {
  it.each<[string, string, Part[], string]>([
    ['mp4', 'isom', [moov(), media], 'video/mp4'],
    ['mp4', 'mp42', [sound, media], 'audio/mp4'],
    ['m4a', 'M4A ', [sound, media], 'audio/mp4'],
    ['m4a', 'M4B ', [sound, media], 'audio/mp4'],
    ['quicktime', 'qt  ', [moov(), media], 'video/quicktime'],
    ['3gp', '3gp4', [moov(), media], 'video/3gpp'],
    ['3gp', '3g2a', [sound, media], 'audio/3gpp'],
    ['heif', 'heic', [box('meta', zeros(40)), media], 'image/heif'],
    ['heif', 'mif1', [box('meta', zeros(40)), media], 'image/heif'],
    ['avif', 'avif', [box('meta', zeros(40)), media], 'image/avif'],
    ['mp4', 'zzzz', [moov(), media], 'video/mp4'],
  ])('%s by the brand %s', async (container, brand, rest, mediaType) => {
    expect(await inspect(ftyp(brand), ...rest)).toMatchObject({ container, mediaType, majorBrand: brand });
  });

  it('avif by a compatible brand', async () => {
    expect(await inspect(ftyp('mif1', 'miaf', 'avif'))).toMatchObject({
      container: 'avif',
      minorVersion: 512,
      compatibleBrands: ['miaf', 'avif'],
    });
  });

  it.each(['wide', 'mdat', 'free', 'skip', 'pnot', 'uuid'])(
    'quicktime without brands, beginning with %s',
    async (type) => {
      expect(await inspect(box(type, zeros(20)), media, moov())).toMatchObject({ container: 'quicktime' });
    },
  );

  it('jpeg2000 by its signature box', async () => {
    expect(await inspect(box('jP  ', u32(0x0d0a870a)), ftyp('jp2 '))).toMatchObject({
      container: 'jpeg2000',
    });
  });

  it('with bit rate, brands and the cost of the report', async () => {
    const source = SparseSource.of(bytes(ftyp('isom', 'mp41'), moov({ duration: 2000 }), media));
    const report = await inspectMedia(source);
    expect(report).toMatchObject({ size: source.size, duration: 2, bitRate: source.size * 4 });
    expect(report?.bytesRead).toBe(source.bytesRead);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

const mp3Frame = Buffer.concat([u8(0xff, 0xfb, 0x90, 0x64), zeros(413)]);
const adtsFrame = Buffer.concat([u8(0xff, 0xf1, 0x50, 0x80, 0x0c, 0x80, 0), zeros(93)]);
const frames = (frame: Buffer, count: number) => Buffer.alloc(frame.length * count, frame);
const id3 = (...content: Part[]) => {
  const length = bytes(...content).length;
  return bytes(
    'ID3',
    u8(4, 0, 0, length >> 21, (length >> 14) & 127, (length >> 7) & 127, length & 127),
    ...content,
  );
};
const page = (packet: string) => bytes('OggS\0', u8(2), zeros(20), u8(1, packet.length), packet);
const ebml = (docType: string) =>
  bytes(
    u8(0x1a, 0x45, 0xdf, 0xa3, 0x9f),
    u8(0x42, 0x86, 0x81, 1),
    u8(0x42, 0x82, 0x80 + docType.length),
    docType,
    zeros(64),
  );
const flac = bytes('fLaC', u8(0, 0, 0, 34), zeros(34));
const asf = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');

describe('other containers by signature', () => {
  it.each<[string, string, Part[]]>([
    ['matroska', 'video/matroska', [ebml('matroska')]],
    ['webm', 'video/webm', [ebml('webm')]],
    ['ogg', 'audio/ogg', [page('OpusHead')]],
    ['ogg', 'audio/ogg', [page('\x01vorbis')]],
    ['ogg', 'audio/ogg', [page('\x7fFLAC')]],
    ['ogg', 'video/ogg', [page('\x80theora')]],
    ['flac', 'audio/flac', [flac]],
    ['flac', 'audio/flac', [id3(zeros(5000)), flac]],
    ['wav', 'audio/wav', ['RIFF', u32(0), 'WAVEfmt ']],
    ['wav', 'audio/wav', ['RF64', u32(0), 'WAVEds64']],
    ['aiff', 'audio/aiff', ['FORM', u32(99), 'AIFC']],
    ['avi', 'video/x-msvideo', ['RIFF', u32(0), 'AVI LIST']],
    ['mpeg-ts', 'video/mp2t', [frames(Buffer.concat([u8(0x47), zeros(187)]), 9)]],
    ['mpeg-ts', 'video/mp2t', [frames(Buffer.concat([zeros(4), u8(0x47), zeros(187)]), 9)]],
    ['mpeg-ps', 'video/mpeg', [u32(0x1ba), u8(0x44), zeros(99)]],
    ['flv', 'video/x-flv', ['FLV', u8(1, 5, 0, 0, 0, 9), zeros(9)]],
    ['asf', 'video/x-ms-asf', [asf, zeros(99)]],
    ['hls', 'application/vnd.apple.mpegurl', ['#EXTM3U\n#EXT-X-VERSION:3\n']],
    ['mp3', 'audio/mpeg', [frames(mp3Frame, 5)]],
    ['mp3', 'audio/mpeg', [id3(zeros(70_000)), frames(mp3Frame, 5)]],
    ['mp3', 'audio/mpeg', [id3(zeros(200)), zeros(30), frames(mp3Frame, 5)]],
    ['mp3', 'audio/mpeg', [zeros(225), frames(mp3Frame, 5)]],
    ['mp3', 'audio/mpeg', [frames(mp3Frame, 2), 'TAG', zeros(125)]],
    ['mp3', 'audio/mpeg', [id3('TIT2', zeros(20))]],
    ['aac', 'audio/aac', [frames(adtsFrame, 5)]],
    ['aac', 'audio/aac', [id3(zeros(99)), frames(adtsFrame, 5)]],
  ])('%s as %s', async (container, mediaType, parts) => {
    const source = SparseSource.of(bytes(...parts));
    expect(await inspectMedia(source)).toMatchObject({
      container,
      mediaType,
      size: source.size,
      faststart: null,
      faststartReason: 'not-isobmff',
    });
    expect(source.bytesRead).toBeLessThan(24_000);
  });
});

describe('what is no media', () => {
  const oneFrameMore = frames(mp3Frame, 2);
  it.each<[string, Part[]]>([
    ['nothing', []],
    ['7 bytes', [zeros(7)]],
    ['zeros', [zeros(20_000)]],
    ['plausible unknown boxes', [box('abcd', zeros(20)), box('efgh')]],
    ['a page of HTML', ['<!doctype html><html><title>ftyp moov mdat</title>', zeros(600)]],
    ['a JPEG picture', [Buffer.from('ffd8ffe000104a46494600010100', 'hex'), zeros(4000)]],
    ['a PNG picture', [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), zeros(4000)]],
    ['a weak type longer than the file', [header('free', 5000), zeros(99)]],
    ['a header of impossible size', [header('ftyp', 4), zeros(99)]],
    ['two frames of MP3 and then something else', [oneFrameMore, Buffer.alloc(4000, 'x')]],
    ['frames of MP3 within an archive', ['PK\x03\x04', zeros(60), frames(mp3Frame, 9)]],
    ['a list of songs', ['#EXTM3U\n#EXTINF:123,Artist - Title\nsong.mp3\n']],
    ['EBML of another kind', [ebml('other')]],
    ['RIFF of another kind', ['RIFF', u32(99), 'WEBPVP8 ']],
    ['text with a G in every place', [Buffer.alloc(100, 'G'), zeros(4000)]],
    ['text about tags', ['ID3 tags are at the start', zeros(4000)]],
    ['a program', [Buffer.from('7f454c460201', 'hex'), zeros(9000)]],
    ['UTF-16 text', [u16(0xfffe), zeros(100)]],
  ])('%s', async (_, parts) => {
    expect(await inspect(...parts)).toBeUndefined();
  });

  it('never makes it throw or read much', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Part>(
          '',
          'ID3',
          'RIFF',
          'OggS\0',
          'fLaC',
          mp3Frame,
          adtsFrame,
          ebml('webm'),
          header('ftyp', 20),
        ),
        fc.uint8Array({ maxLength: 400 }),
        async (start, rest) => {
          const source = SparseSource.of(bytes(start, rest));
          await inspectMedia(source);
          expect(source.reads).toBeLessThan(16);
        },
      ),
      { numRuns: 500 },
    ));
});
