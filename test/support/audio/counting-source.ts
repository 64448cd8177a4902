import { MemorySource } from '../../../src/core/bytes/index.js';

/** Bytes in memory, over and over where the source is longer than they are; counts what is read of it. */
export class CountingSource extends MemorySource {
  reads = 0;
  bytesRead = 0;

  constructor(
    private readonly content: Buffer,
    private readonly length = content.length,
  ) {
    super(content);
  }

  override get size(): number {
    return this.length;
  }

  override async read(offset: number, length: number): Promise<Uint8Array> {
    const target = Buffer.alloc(Math.max(0, Math.min(length, this.length - offset)));
    await this.readInto(target, offset);
    return target;
  }

  override async readInto(target: Buffer, offset: number): Promise<number> {
    const wanted = Math.max(0, Math.min(target.length, this.length - offset));
    this.reads += 1;
    this.bytesRead += wanted;
    for (let filled = 0; filled < wanted;) {
      const from = (offset + filled) % this.content.length;
      filled += this.content.copy(
        target,
        filled,
        from,
        Math.min(this.content.length, from + wanted - filled),
      );
    }
    return wanted;
  }
}
