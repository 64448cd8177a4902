import { bytes, type Part, u8 } from '../isobmff/box-builder.js';

const idBytes = (id: number) => Buffer.from(id.toString(16), 'hex');

/** A size of `length` bytes. */
export function size(value: number, length: number): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64BE(BigInt(value) + 2n ** BigInt(7 * length));
  return eight.subarray(8 - length);
}

/** An element with a size of one byte where it fits, else of four. */
export function element(id: number, ...content: Part[]): Buffer {
  const data = bytes(...content);
  return bytes(idBytes(id), size(data.length, data.length < 127 ? 1 : 4), data);
}

/** An element of unknown size, in eight bytes, as recorders write them. */
export function endless(id: number, ...content: Part[]): Buffer {
  return bytes(idBytes(id), Buffer.from('01ffffffffffffff', 'hex'), ...content);
}

/** The header of an element that claims `length` bytes, whatever follows. */
export function claim(id: number, length: number): Buffer {
  return bytes(idBytes(id), size(length, 8));
}

export const f64 = (value: number) => {
  const eight = Buffer.alloc(8);
  eight.writeDoubleBE(value);
  return eight;
};
export const f32 = (value: number) => {
  const four = Buffer.alloc(4);
  four.writeFloatBE(value);
  return four;
};

/** A SimpleBlock of track `track`, `time` after its cluster. */
export function simpleBlock(track: number, time: number, data: Part = 'data'): Buffer {
  return element(0xa3, u8(0x80 | track, (time >> 8) & 0xff, time & 0xff, 0x80), data);
}

/** A BlockGroup that says how long its block lasts. */
export function blockGroup(track: number, time: number, duration: number): Buffer {
  const block = element(0xa1, u8(0x80 | track, (time >> 8) & 0xff, time & 0xff, 0), 'data');
  return element(0xa0, block, element(0x9b, u8(duration >> 8, duration & 0xff)));
}
