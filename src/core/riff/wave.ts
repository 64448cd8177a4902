import type { ByteSource } from '../bytes/index.js';

/** What reading chunks needs of a source. */
export type RiffSource = Pick<ByteSource, 'size' | 'read'>;

/** A WAVE file by its chunks (Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 of RF64). */
export interface Wave {
  readonly form: 'RIFF' | 'RF64' | 'BW64';
  /** Of the whole but its first eight bytes, as written: by `ds64` where that counts. */
  readonly riffSize: number;
  readonly format: WaveFormat;
  readonly data: DataChunk;
  /** Where `fact` says how many samples there are of each channel. */
  readonly fact: number | undefined;
}

export interface DataChunk {
  /** Of its contents, in the file. */
  readonly offset: number;
  /** As written: by `ds64` where that counts. */
  readonly size: number;
  /** From `offset` to the end of the file. */
  readonly available: number;
}

/** Chunk `fmt ` (WAVEFORMATEX). */
export interface WaveFormat {
  /** wFormatTag; of WAVEFORMATEXTENSIBLE that of its subformat. */
  readonly tag: number;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Bytes per second, on average. */
  readonly byteRate: number;
  /** Bytes that belong together: one sample of each channel. */
  readonly blockAlign: number;
  readonly bitsPerSample: number;
}

/** Chunks in front of the sound that are looked at. */
const MOST_CHUNKS = 200;
const EXTENSIBLE = 0xfffe;
/** In 32 bits: see `ds64`. */
const SEE_DS64 = 0xffff_ffff;

/**
 * Reads the chunks of a WAVE file up to its sound; undefined where it is none, or has no format or sound.
 *
 * @throws what the source throws
 */
export async function readWave(source: RiffSource): Promise<Wave | undefined> {
  const head = await source.read(0, 12);
  const form = text(head, 0);
  if (!(form === 'RIFF' || form === 'RF64' || form === 'BW64') || text(head, 8) !== 'WAVE') return undefined;
  let riffSize = view(head).getUint32(4, true);
  let dataSize: number | undefined;
  let format: WaveFormat | undefined;
  let fact: number | undefined;
  let at = 12;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const header = await source.read(at, 8);
    if (header.length < 8) return undefined;
    const [id, size, offset] = [text(header, 0), view(header).getUint32(4, true), at + 8];
    if (id === 'data') {
      if (!format) return undefined;
      const isIn64 = size === SEE_DS64 && dataSize !== undefined;
      const data = { offset, size: isIn64 ? dataSize! : size, available: source.size - offset };
      return { form, riffSize, format, data, fact };
    }
    if (id === 'fmt ') format = decodeFormat(await source.read(offset, Math.min(size, 40)));
    if (id === 'fact' && size >= 4) fact = offset;
    if (id === 'ds64' && form !== 'RIFF') {
      const sizes = await source.read(offset, 16);
      if (sizes.length < 16) return undefined;
      if (riffSize === SEE_DS64) riffSize = Number(view(sizes).getBigUint64(0, true));
      dataSize = Number(view(sizes).getBigUint64(8, true));
    }
    at = offset + size + (size % 2);
  }
  return undefined;
}

function decodeFormat(bytes: Uint8Array): WaveFormat | undefined {
  if (bytes.length < 14) return undefined;
  const fields = view(bytes);
  const tag = fields.getUint16(0, true);
  return {
    tag: tag === EXTENSIBLE && bytes.length >= 26 ? fields.getUint16(24, true) : tag,
    channels: fields.getUint16(2, true),
    sampleRate: fields.getUint32(4, true),
    byteRate: fields.getUint32(8, true),
    blockAlign: Math.max(1, fields.getUint16(12, true)),
    bitsPerSample: bytes.length >= 16 ? fields.getUint16(14, true) : 0,
  };
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
