import type { AudioFrame } from '../mpegaudio/index.js';

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
