import { decodeBoxHeader } from './box-header.js';

/** Types that say what a file is by themselves, even when it is cut off inside the box. */
const STRONG = /^(?:ftyp|styp|moov|moof|mdat|sidx)$/;
/** Types that old QuickTime files and segments begin with; their box has to fit into the file. */
const WEAK = /^(?:wide|free|skip|pnot|uuid|meta|jP {2}|emsg|prft)$/;

/**
 * Whether a file of `size` bytes with these first bytes is of the ISO base media family: by the type and size of its
 * first box, never by its name.
 *
 * @param bytes the first 16 bytes, or all there are
 */
export function isIsoBmff(bytes: Uint8Array, size: number): boolean {
  const header = decodeBoxHeader(bytes, 0, size);
  if (typeof header !== 'object') return false;
  if (header.toEnd) return header.type === 'mdat' || header.type === 'moov';
  return STRONG.test(header.type) || (WEAK.test(header.type) && header.size <= size);
}
