/** The header of a frame of MPEG audio, as far as telling it from noise needs. */
export interface AudioFrame {
  /** Length of the frame in bytes, header included. */
  readonly length: number;
  /** The bits that stay the same from frame to frame in one file. */
  readonly constant: number;
}

const BIT_RATES: Record<string, readonly number[]> = {
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Parses the frame header at `at` (ISO/IEC 11172-3 §2.4.1.3, 13818-3); undefined where there is none. */
export function parseMpegAudioFrame(bytes: Uint8Array, at: number): AudioFrame | undefined {
  if (at + 4 > bytes.length) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  const version = (header >>> 19) & 3;
  const layer = 4 - ((header >>> 17) & 3);
  const sampleRate = SAMPLE_RATES[(header >>> 10) & 3];
  if (header >>> 21 !== 0x7ff || version === 1 || layer === 4 || sampleRate === undefined) return undefined;
  const bitRate = BIT_RATES[`${version === 3 ? 1 : 2}-${layer}`]![(header >>> 12) & 15];
  if (!bitRate) return undefined; // free format has no length to check
  const rate = sampleRate / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const padding = (header >>> 9) & 1;
  const perFrame = layer === 1 ? 12 : layer === 3 && version !== 3 ? 72 : 144;
  const slots = Math.floor((perFrame * bitRate * 1000) / rate) + padding;
  return { length: slots * (layer === 1 ? 4 : 1), constant: header & 0xfffe0c00 };
}

/** Parses the ADTS header at `at` (ISO/IEC 13818-7 §6.2); undefined where there is none. */
export function parseAdtsFrame(bytes: Uint8Array, at: number): AudioFrame | undefined {
  if (at + 7 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const fixed = view.getUint32(at);
  const length = (view.getUint32(at + 2) >>> 5) & 0x1fff;
  const rateIndex = (fixed >>> 10) & 15;
  // Sync word, layer 0, a rate that exists, a frame longer than its header.
  if (fixed >>> 20 !== 0xfff || (fixed >>> 17) & 3 || rateIndex > 12 || length < 8) return undefined;
  return { length, constant: fixed & 0xfffffc00 };
}

/** Consecutive frames that make a file: noise of four agreeing headers does not happen. */
const AGREEING = 4;

/**
 * Whether frames follow one another from `at` on: {@link AGREEING} of them, or fewer where the file ends right behind.
 *
 * @param last whether `bytes` end where the file ends
 */
export function holdsFrames(
  bytes: Uint8Array,
  at: number,
  last: boolean,
  parse: (bytes: Uint8Array, at: number) => AudioFrame | undefined,
): boolean {
  let position = at;
  const first = parse(bytes, at);
  for (let count = 0; count < AGREEING; count += 1) {
    const frame = parse(bytes, position);
    if (!frame || frame.constant !== first?.constant)
      return last && count >= 2 && position >= bytes.length - 128;
    position += frame.length;
  }
  return true;
}
