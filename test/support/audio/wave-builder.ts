/** A WAVE file; the sizes are right where nothing else is asked for. */
export interface WaveSpec {
  readonly form?: 'RIFF' | 'RF64';
  readonly riffSize?: number;
  readonly dataSize?: number;
  /** Samples by a chunk `fact`; no such chunk without. */
  readonly fact?: number;
  /** Sizes of the whole and of the sound, and samples, by a chunk `ds64`. */
  readonly ds64?: readonly [bigint, bigint, bigint];
  readonly sound?: Uint8Array;
  /** Chunks behind the sound. */
  readonly behind?: Uint8Array;
  /** wFormatTag, channels and bits of a sample. */
  readonly format?: readonly [number, number, number];
}

/** A chunk, padded to an even length. */
export function chunk(id: string, content: Uint8Array, size = content.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  header.writeUInt32LE(size, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

/** Sound of 8000 Hz. */
export function wave(spec: WaveSpec = {}): Buffer {
  const { form = 'RIFF', sound = Buffer.alloc(16_000, 7), behind = Buffer.alloc(0) } = spec;
  const [tag, channels, bits] = spec.format ?? [1, 1, 16];
  const format = Buffer.alloc(16);
  const block = (channels * bits) / 8;
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(8000 * block, 8);
  format.writeUInt16LE(block, 12);
  format.writeUInt16LE(bits, 14);
  const fact = Buffer.alloc(4);
  fact.writeUInt32LE(spec.fact ?? 0);
  const ds64 = Buffer.alloc(28);
  spec.ds64?.forEach((value, index) => ds64.writeBigUInt64LE(value, index * 8));
  const chunks = Buffer.concat([
    Buffer.from('WAVE'),
    ...(spec.ds64 ? [chunk('ds64', ds64)] : []),
    chunk('fmt ', format),
    ...(spec.fact === undefined ? [] : [chunk('fact', fact)]),
    chunk('data', sound, spec.dataSize ?? sound.length),
    behind,
  ]);
  const head = Buffer.alloc(8);
  head.write(form, 'latin1');
  head.writeUInt32LE(spec.riffSize ?? chunks.length, 4);
  return Buffer.concat([head, chunks]);
}
