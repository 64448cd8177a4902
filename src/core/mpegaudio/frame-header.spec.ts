import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frame, type FrameSpec } from '../../../test/support/audio/frame-builder.js';
import {
  constantAt,
  type FrameHeader,
  frameLengthAt,
  longestFrame,
  parseFrameHeader,
  sideInfoLength,
} from './frame-header.js';

describe('frame header', () => {
  it.each<[string, FrameSpec, Partial<FrameHeader>]>([
    [
      'MPEG-1 layer III',
      { sampleRate: 0 },
      { version: 1, layer: 3, bitRate: 128_000, sampleRate: 44_100, samples: 1152, length: 417, channels: 2 },
    ],
    ['with padding', { sampleRate: 0, padding: 1 }, { length: 418 }],
    ['mono', { mode: 3 }, { channels: 1, length: 384 }],
    ['MPEG-1 layer II', { layer: 2, bitRate: 8 }, { layer: 2, bitRate: 128_000, length: 384 }],
    ['MPEG-1 layer I', { layer: 3, padding: 1 }, { layer: 1, bitRate: 288_000, samples: 384, length: 292 }],
    [
      'MPEG-2 layer III',
      { version: 2, bitRate: 8 },
      { version: 2, bitRate: 64_000, sampleRate: 24_000, samples: 576, length: 192 },
    ],
    ['MPEG-2 layer II', { version: 2, layer: 2 }, { samples: 1152, length: 480 }],
    [
      'MPEG-2.5 layer III',
      { version: 0, bitRate: 1, sampleRate: 2 },
      { version: 2.5, bitRate: 8000, sampleRate: 8000, length: 72 },
    ],
  ])('%s', (_, spec, expected) => {
    expect(parseFrameHeader(frame(spec), 0)).toMatchObject(expected);
  });

  it.each([
    ['no sync word', [0xff, 0xdb, 0x90, 0]],
    ['a reserved version', [0xff, 0xeb, 0x90, 0]],
    ['a reserved layer', [0xff, 0xf9, 0x90, 0]],
    ['bit rate 15', [0xff, 0xfb, 0xf0, 0]],
    ['free format', [0xff, 0xfb, 0x00, 0]],
    ['a reserved sample rate', [0xff, 0xfb, 0x9c, 0]],
    ['too few bytes', [0xff, 0xfb, 0x90]],
  ])('none: %s', (_, bytes) => {
    expect(parseFrameHeader(Uint8Array.from(bytes), 0)).toBeUndefined();
  });

  it('is as long by the table as by its fields, and no longer than the longest', () => {
    for (let bits = 0; bits < 65_536; bits += 1) {
      const bytes = Uint8Array.of(0xff, bits >> 8, bits & 0xff, 0);
      const header = parseFrameHeader(bytes, 0);
      if (frameLengthAt(bytes, 0) !== (header?.length ?? 0)) throw new Error(`${bits}`);
      if (header && header.length > longestFrame(header)) throw new Error(`${bits}`);
      if (header && header.constant !== constantAt(bytes, 0)) throw new Error(`${bits}`);
    }
  });

  it('knows the side information that stands in front of a Xing header', () => {
    const length = (spec: FrameSpec) => sideInfoLength(parseFrameHeader(frame(spec), 0)!);
    expect([length({}), length({ mode: 3 })]).toEqual([32, 17]);
    expect([length({ version: 2 }), length({ version: 2, mode: 3 })]).toEqual([17, 9]);
  });

  it('reads nothing outside of the bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.nat(10), (bytes, at) => {
        if (at + 4 > bytes.length) expect(parseFrameHeader(bytes, at)).toBeUndefined();
      }),
    ));
});
