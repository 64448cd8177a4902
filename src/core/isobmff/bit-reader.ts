/** Reads bits from the most significant on; past the end it reads zeros, and `left` is negative. */
export class BitReader {
  #position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Bits not read yet. */
  get left(): number {
    return this.bytes.length * 8 - this.#position;
  }

  /** The next `count` bits, `0 <= count <= 32`, as an unsigned number. */
  read(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = this.bytes[this.#position >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  skip(count: number): void {
    this.#position += count;
  }

  alignToByte(): void {
    this.#position = Math.ceil(this.#position / 8) * 8;
  }

  /** A second reader at the same place. */
  fork(): BitReader {
    const copy = new BitReader(this.bytes);
    copy.skip(this.#position);
    return copy;
  }
}
