/** A frame of MPEG audio, as its header says (ISO/IEC 11172-3 §2.4.2.3, 13818-3 §2.4.2.3; 2.5 is Fraunhofer's). */
export interface FrameHeader {
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  /** In bits per second. */
  readonly bitRate: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Samples a frame decodes to, of each channel. */
  readonly samples: number;
  /** In bytes, header included. */
  readonly length: number;
  /** Version, layer and sample rate: the bits that stay the same from frame to frame in one file. */
  readonly constant: number;
}

/** In kbit/s by the index in the header; 0 is free format, of which a header does not say the length. */
const BIT_RATES: Record<string, readonly number[]> = {
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = [44_100, 48_000, 32_000];
const VERSIONS = [2.5, undefined, 2, 1] as const;
const LAYERS = [undefined, 3, 2, 1] as const;

/** Parses the frame header at `at`; undefined where there is none, or one of free format. */
export function parseFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || bytes[at + 1]! < 0xe0) return undefined;
  return decode(bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

function decode(second: number, third: number, fourth: number): FrameHeader | undefined {
  const version = VERSIONS[(second >> 3) & 3];
  const layer = LAYERS[(second >> 1) & 3];
  const baseRate = SAMPLE_RATES[(third >> 2) & 3];
  if (version === undefined || layer === undefined || baseRate === undefined) return undefined;
  const bitRate = (BIT_RATES[`${version === 1 ? 1 : 2}-${layer}`]![third >> 4] ?? 0) * 1000;
  if (bitRate === 0) return undefined;
  const sampleRate = baseRate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const samples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const slot = layer === 1 ? 4 : 1;
  const slots = Math.floor((samples * bitRate) / (8 * slot * sampleRate)) + ((third >> 1) & 1);
  return {
    version,
    layer,
    bitRate,
    sampleRate,
    channels: fourth >> 6 === 3 ? 1 : 2,
    samples,
    length: slots * slot,
    constant: constantBits(second, third),
  };
}

function constantBits(second: number, third: number): number {
  return ((second & 0xfe) << 8) | (third & 0x0c);
}

/** {@link FrameHeader.constant} of the four bytes at `at`, whatever they are. */
export function constantAt(bytes: Uint8Array, at: number): number {
  return constantBits(bytes[at + 1]!, bytes[at + 2]!);
}

/** Length by version, layer, bit rate, sample rate and padding: eleven bits in a row but for the one between. */
const LENGTHS = Uint16Array.from(
  { length: 2048 },
  (_, bits) => decode(0xe0 | ((bits >> 6) & 0x1e), (bits << 1) & 0xff, 0)?.length ?? 0,
);

/** The length of the frame at `at`, 0 where there is none: {@link parseFrameHeader} for the millions. */
export function frameLengthAt(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1]!;
  if (bytes[at] !== 0xff || second < 0xe0) return 0;
  return LENGTHS[((second & 0x1e) << 6) | (bytes[at + 2]! >> 1)]!;
}

/** The longest frame of the same version, layer and sample rate, in bytes. */
export function longestFrame({ version, layer, samples, sampleRate }: FrameHeader): number {
  const fastest = BIT_RATES[`${version === 1 ? 1 : 2}-${layer}`]!.at(-1)! * 1000;
  return Math.floor((samples * fastest) / (8 * sampleRate)) + 4;
}

/** Bytes of side information behind the header of a frame of layer III (ISO/IEC 11172-3 §2.4.1.7, 13818-3 §2.4.1.7). */
export function sideInfoLength({ version, channels }: FrameHeader): number {
  if (version === 1) return channels === 1 ? 17 : 32;
  return channels === 1 ? 9 : 17;
}
