import { type ChildBox, childPayload } from './child-boxes.js';

/** What tells one uncompressed format from another, all in one sample entry. */
export interface PcmEntry {
  readonly type: string;
  /** `samplesize` of the entry, or `constBitsPerChannel` of a version 2 one. */
  readonly bits: number;
  /** `formatSpecificFlags` of a version 2 entry: 1 float, 2 big-endian, 4 signed. */
  readonly flags: number;
  readonly boxes: readonly ChildBox[];
}

const FLOAT = 1;
const BIG_ENDIAN = 2;
const SIGNED = 4;

/** The name of an uncompressed format such as `pcm_s16le`, undefined when the entry is none. */
export function pcmName(entry: PcmEntry): string | undefined {
  const { type, bits, flags } = entry;
  switch (type) {
    case 'sowt':
      return bits === 8 ? 'pcm_s8' : 'pcm_s16le';
    case 'twos':
      return bits === 8 ? 'pcm_s8' : integer(bits, true);
    case 'raw ':
    case 'NONE':
    case '\0\0\0\0':
      return bits === 16 ? 'pcm_s16be' : 'pcm_u8';
    case 'in24':
      return integer(24, !isLittleEndian(entry.boxes));
    case 'in32':
      return integer(32, !isLittleEndian(entry.boxes));
    case 'fl32':
      return float(32, !isLittleEndian(entry.boxes));
    case 'fl64':
      return float(64, !isLittleEndian(entry.boxes));
    case 'lpcm':
      if (flags & FLOAT) return float(bits, (flags & BIG_ENDIAN) !== 0);
      return bits === 8 && !(flags & SIGNED) ? 'pcm_u8' : integer(bits, (flags & BIG_ENDIAN) !== 0);
    case 'ipcm':
    case 'fpcm':
      return isoPcm(type, entry.boxes);
    default:
      return undefined;
  }
}

/** `pcmC` of ISO/IEC 23003-5 §5: flag bit 0 little-endian, then the sample size. */
function isoPcm(type: string, boxes: readonly ChildBox[]): string {
  const configuration = childPayload(boxes, 'pcmC');
  const bigEndian = configuration ? (configuration.u8(4) & 1) === 0 : true;
  const bits = configuration?.u8(5) ?? 16;
  return type === 'ipcm' ? integer(bits, bigEndian) : float(bits, bigEndian);
}

function integer(bits: number, bigEndian: boolean): string {
  return bits === 8 ? 'pcm_s8' : `pcm_s${bits}${bigEndian ? 'be' : 'le'}`;
}

function float(bits: number, bigEndian: boolean): string {
  return `pcm_f${bits}${bigEndian ? 'be' : 'le'}`;
}

/** The `enda` box of QuickTime's `wave`: 1 is little-endian. */
function isLittleEndian(boxes: readonly ChildBox[]): boolean {
  const enda = childPayload(boxes, 'enda');
  return enda !== undefined && enda.length >= 2 && enda.u16(0) === 1;
}
