import { type BoxNode, findBox } from './box-tree.js';
import { Payload, ShortBoxError } from './payload.js';

/**
 * How long the samples of a track are: `stsz` or `stz2` (ISO/IEC 14496-12 §8.7.3), read where they lie. Four billion
 * samples of one size cost no more than one.
 */
export class SampleSizes {
  private constructor(
    private readonly table: Payload,
    /** Bytes of every sample; 0 where the table says each. */
    readonly uniform: number,
    readonly count: number,
    private readonly bits: number,
  ) {}

  /** @throws {ShortBoxError} when the table claims more samples than its box holds */
  static of(bytes: Uint8Array, stbl: BoxNode): SampleSizes {
    const box = findBox(stbl, 'stsz') ?? findBox(stbl, 'stz2');
    if (!box) return new SampleSizes(new Payload(new Uint8Array(0)), 0, 0, 0);
    const table = payloadIn(bytes, box);
    const uniform = box.type === 'stsz' ? table.u32(4) : 0;
    const count = table.u32(8);
    const bits = box.type === 'stsz' ? 32 : table.u8(7);
    if (![4, 8, 16, 32].includes(bits)) throw new ShortBoxError();
    if (uniform === 0 && (count * bits) / 8 > table.length - 12) throw new ShortBoxError();
    return new SampleSizes(table, uniform, count, bits);
  }

  /** Bytes of `length` samples from `first` on together; those the table does not have count nothing. */
  sum(first: number, length: number): number {
    const end = Math.min(first + length, this.count);
    if (first >= end) return 0;
    if (this.uniform > 0) return this.uniform * (end - first);
    let sum = 0;
    for (let index = first; index < end; index += 1) sum += this.#at(index);
    return sum;
  }

  #at(index: number): number {
    const { table, bits } = this;
    if (bits === 32) return table.u32(12 + index * 4);
    if (bits === 16) return table.u16(12 + index * 2);
    if (bits === 8) return table.u8(12 + index);
    return (table.u8(12 + (index >> 1)) >> (index & 1 ? 0 : 4)) & 15;
  }
}

/** What a box holds behind its header, where `bytes` are those its offset counts in. */
export function payloadIn(bytes: Uint8Array, { offset, headerSize, size }: BoxNode): Payload {
  return new Payload(bytes.subarray(offset + headerSize, offset + size));
}
