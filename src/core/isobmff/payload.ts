/** Thrown where a box ends before a field it must have. */
export class ShortBoxError extends Error {
  constructor() {
    super('the box is shorter than its fields');
    this.name = 'ShortBoxError';
  }
}

/** Four bytes as text, one character a byte (ISO/IEC 14496-12 §4.2): `©nam` is U+00A9 followed by `nam`. */
export function fourCharacters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Big-endian fields of a box. Every accessor throws {@link ShortBoxError} when the field is not wholly inside. */
export class Payload {
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#inside(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#inside(at, 2));
  }

  u24(at: number): number {
    return this.u16(at) * 256 + this.u8(at + 2);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#inside(at, 4));
  }

  i32(at: number): number {
    return this.#view.getInt32(this.#inside(at, 4));
  }

  /** Rounded to a double above 2^53; never negative. */
  u64(at: number): number {
    return Number(this.#view.getBigUint64(this.#inside(at, 8)));
  }

  i64(at: number): number {
    return Number(this.#view.getBigInt64(this.#inside(at, 8)));
  }

  f64(at: number): number {
    return this.#view.getFloat64(this.#inside(at, 8));
  }

  /** A four-character code. */
  type(at: number): string {
    return fourCharacters(this.bytes, this.#inside(at, 4));
  }

  /** The bytes from `at` up to `end`, at most to the end of the box. */
  from(at: number, end = this.length): Payload {
    return new Payload(this.bytes.subarray(Math.min(at, this.length), end));
  }

  #inside(at: number, length: number): number {
    if (at + length > this.length) throw new ShortBoxError();
    return at;
  }
}

/** Where 0 stands for "not said": null in its place. */
export function orNull(value: number | null | undefined): number | null {
  return value === 0 || value === undefined || !Number.isFinite(value) ? null : value;
}
