import type { WaveFormat } from './wave.js';

/** By wFormatTag (RFC 2361), as FFmpeg names them. */
const NAMES: Record<number, string> = {
  0x02: 'adpcm_ms',
  0x06: 'pcm_alaw',
  0x07: 'pcm_mulaw',
  0x11: 'adpcm_ima_wav',
  0x50: 'mp2',
  0x55: 'mp3',
  0xff: 'aac',
  0x2000: 'ac3',
};
const INTEGER = 1;
const FLOAT = 3;

/** Whether each block is one sample of each channel. */
export function isPcm({ tag }: WaveFormat): boolean {
  return tag === INTEGER || tag === FLOAT || NAMES[tag]?.startsWith('pcm_') === true;
}

/** The codec's common name as FFmpeg says it: `pcm_s16le`; null when it is none of the usual. */
export function waveCodecName({ tag, bitsPerSample }: WaveFormat): string | null {
  const bits = Math.ceil(bitsPerSample / 8) * 8;
  if (tag === INTEGER && bits >= 8 && bits <= 64) return bits === 8 ? 'pcm_u8' : `pcm_s${bits}le`;
  if (tag === FLOAT && (bits === 32 || bits === 64)) return `pcm_f${bits}le`;
  return NAMES[tag] ?? null;
}
