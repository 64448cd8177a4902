import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVEN, frame, vbriFrame, XING_AT, xingFrame } from '../../../test/support/audio/frame-builder.js';
import { parseFrameHeader } from './frame-header.js';
import { decodeSeekHeader } from './seek-header.js';

const ROOT = path.join(import.meta.dirname, '../../..');
const decode = (bytes: Uint8Array) => decodeSeekHeader(bytes, parseFrameHeader(bytes, 0)!);
const behindTag = (file: string, length: number) => readFileSync(path.join(ROOT, file)).subarray(length);

describe('seek header', () => {
  it('of Xing, with all or some of its fields', () => {
    expect(decode(xingFrame({ frames: 5, bytes: 6000, toc: EVEN }))).toMatchObject({
      kind: 'Xing',
      frames: 5,
      bytes: 6000,
      toc: Buffer.from(EVEN),
      quality: undefined,
      lame: undefined,
    });
    expect(decode(xingFrame({ kind: 'Info', toc: EVEN }))).toMatchObject({
      kind: 'Info',
      frames: undefined,
      bytes: undefined,
      toc: Buffer.from(EVEN),
    });
  });

  it('of Xing behind the checksum of a frame', () => {
    const bytes = Buffer.concat([xingFrame({ frames: 7 }).subarray(0, 36), Buffer.alloc(2)]);
    const shifted = Buffer.concat([bytes, xingFrame({ frames: 7 }).subarray(36, -2)]);
    shifted[1]! &= 0xfe;
    expect(decode(shifted)).toMatchObject({ kind: 'Xing', frames: 7 });
  });

  it('as FFmpeg writes it, with a tag like that of LAME', () => {
    const header = decode(behindTag('test/fixtures/media/bear-vbr-xing-header.mp3', 45));
    expect(header).toMatchObject({ kind: 'Xing', frames: 117, bytes: 38_352, hasTable: true });
    expect(header?.lame).toMatchObject({ isSealed: true, delay: 576 });
    expect(decode(behindTag('samples/audio/mp3-cbr.mp3', 20))).toMatchObject({
      kind: 'Info',
      frames: 626,
      bytes: 120_384,
      lame: { delay: 576, padding: 576 },
    });
  });

  it('of Fraunhofer', () => {
    expect(decode(vbriFrame({ frames: 8, bytes: 9000 }))).toMatchObject({
      kind: 'VBRI',
      frames: 8,
      bytes: 9000,
      hasTable: true,
      toc: undefined,
    });
  });

  it('is not in a frame of sound', () => {
    expect(decode(frame())).toBeUndefined();
    expect(decode(frame({ mode: 3 }, 0x58))).toBeUndefined();
  });

  it('never makes it throw, whatever it says and wherever it is cut off', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(400), fc.boolean(), (noise, length, isXing) => {
        const bytes = isXing ? xingFrame({}) : vbriFrame({});
        bytes.set(noise, XING_AT + 4);
        decode(bytes.subarray(0, Math.max(4, length)));
      }),
    ));
});
