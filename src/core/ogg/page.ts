/** The header of a page (RFC 3533 §6). */
export interface OggPage {
  /** Of the page in what was searched, and of what follows its header. */
  readonly offset: number;
  readonly bodyOffset: number;
  /** Where the next page begins, if it is whole. */
  readonly end: number;
  /** Whether a logical stream begins with it. */
  readonly first: boolean;
  /** Of the logical stream. */
  readonly serial: number;
  /** What it means is up to the codec; null on a page on which no packet ends. */
  readonly granule: bigint | null;
}

const HEADER = 27;
/** The longest page: its header, 255 lacing values, 255 segments. */
export const LONGEST_PAGE = HEADER + 255 + 255 * 255;

/** Parses the page header at `offset`; undefined where there is none, or not all of it. */
export function parsePage(bytes: Uint8Array, offset: number): OggPage | undefined {
  if (offset + HEADER > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const flags = view.getUint8(5);
  // Capture pattern, version 0, three flags that exist.
  if (view.getUint32(0) !== 0x4f676753 || view.getUint8(4) !== 0 || flags > 7) return undefined;
  const bodyOffset = offset + HEADER + view.getUint8(26);
  const lacing = bytes.subarray(offset + HEADER, bodyOffset);
  const granule = view.getBigInt64(6, true);
  return {
    offset,
    bodyOffset,
    end: lacing.reduce((sum, value) => sum + value, bodyOffset),
    first: (flags & 2) !== 0,
    serial: view.getUint32(14, true),
    granule: granule < 0n ? null : granule,
  };
}
