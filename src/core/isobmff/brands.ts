import type { BoundedReader } from './bounded-reader.js';
import type { Layout } from './layout.js';
import { fourCharacters } from './payload.js';

/** What a FileTypeBox says (ISO/IEC 14496-12 §4.3), or the SegmentTypeBox of a segment. */
export interface Brands {
  /** Null where there is no such box: QuickTime files before 2004, raw segments. */
  readonly majorBrand: string | null;
  readonly minorVersion: number | null;
  /** The first {@link MAX_BRANDS} of them. */
  readonly compatibleBrands: readonly string[];
}

export const MAX_BRANDS = 64;

/** @throws what the reader throws */
export async function readBrands(reader: BoundedReader, { boxes }: Layout): Promise<Brands> {
  const box = boxes.find(({ type }) => type === 'ftyp') ?? boxes.find(({ type }) => type === 'styp');
  const length = box ? Math.min(box.size - box.headerSize, 8 + MAX_BRANDS * 4) : 0;
  const bytes = box ? await reader.read(box.offset + box.headerSize, length) : new Uint8Array(0);
  if (bytes.length < 8) return { majorBrand: null, minorVersion: null, compatibleBrands: [] };
  const brands: string[] = [];
  for (let at = 8; at + 4 <= bytes.length; at += 4) brands.push(fourCharacters(bytes, at));
  return {
    majorBrand: fourCharacters(bytes, 0),
    minorVersion: new DataView(bytes.buffer, bytes.byteOffset).getUint32(4),
    compatibleBrands: brands.filter((brand) => brand !== '\0\0\0\0'),
  };
}

/** Whether one of the brands is among these. */
export function hasBrand({ majorBrand, compatibleBrands }: Brands, brands: readonly string[]): boolean {
  return [majorBrand, ...compatibleBrands].some((brand) => brand !== null && brands.includes(brand));
}
