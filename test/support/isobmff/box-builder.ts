/** What a box can be made of: bytes, text of one byte a character, or boxes one after the other. */
export type Part = Uint8Array | string | readonly Part[];

/** Bytes of all parts, one after the other. */
export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      return part instanceof Uint8Array ? part : bytes(...part);
    }),
  );
}

export const u8 = (...values: number[]) => Buffer.from(values);
export const u16 = (...values: number[]) =>
  bytes(...values.map((value) => u8((value >> 8) & 0xff, value & 0xff)));
export const u32 = (...values: number[]) =>
  bytes(
    ...values.map((value) => {
      const four = Buffer.alloc(4);
      four.writeUInt32BE(value >>> 0);
      return four;
    }),
  );
export const u64 = (value: number | bigint) => {
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)));
  return eight;
};
export const zeros = (count: number) => Buffer.alloc(count);
/** 16.16 fixed-point. */
export const fixed = (value: number) => u32(Math.round(value * 65_536));

/** A box with a 32-bit size. */
export function box(type: string, ...payload: Part[]): Buffer {
  const content = bytes(...payload);
  return bytes(u32(content.length + 8), type, content);
}

/** A box with a 64-bit size behind its type. */
export function largeBox(type: string, ...payload: Part[]): Buffer {
  const content = bytes(...payload);
  return bytes(u32(1), type, u64(content.length + 16), content);
}

/** A box with version and flags. */
export function fullBox(type: string, version: number, flags: number, ...payload: Part[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), ...payload);
}

/** A header that claims `size` bytes, whatever follows. */
export function header(type: string, size: number): Buffer {
  return bytes(u32(size), type);
}

/** A 64-bit header that claims `size` bytes, whatever follows. */
export function largeHeader(type: string, size: number | bigint): Buffer {
  return bytes(u32(1), type, u64(size));
}
