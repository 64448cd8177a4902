/** The header of an ADTS frame (ISO/IEC 13818-7 §6.2). */
export interface AdtsHeader {
  /** Of the frame in bytes, header included. */
  readonly length: number;
  /** Of MPEG-4: 2 is LC. */
  readonly audioObjectType: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Null where the stream says it itself. */
  readonly channels: number | null;
  /** Of one channel. */
  readonly samples: number;
  /** The bits that stay the same from frame to frame in one file. */
  readonly constant: number;
}

const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const CHANNELS = [null, 1, 2, 3, 4, 5, 6, 8];

/** Parses the header at `at`; undefined where there is none. */
export function parseAdtsHeader(bytes: Uint8Array, at: number): AdtsHeader | undefined {
  if (at + 7 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const fixed = view.getUint32(0);
  const sampleRate = SAMPLE_RATES[(fixed >>> 10) & 15];
  const length = (view.getUint32(2) >>> 5) & 0x1fff;
  // Sync word, layer 0.
  if (fixed >>> 20 !== 0xfff || (fixed >>> 17) & 3 || sampleRate === undefined || length < 8)
    return undefined;
  return {
    length,
    audioObjectType: ((fixed >>> 14) & 3) + 1,
    sampleRate,
    channels: CHANNELS[(fixed >>> 6) & 7]!,
    samples: 1024 * ((view.getUint8(6) & 3) + 1),
    constant: fixed & 0xfffffc00,
  };
}
