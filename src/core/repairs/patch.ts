import { SegmentMap, type ByteSource, type Extent } from '../bytes/index.js';

/** Bytes that stand in place of `removed` bytes at `offset` of a file: none removed is an insertion. */
export interface Patch {
  readonly offset: number;
  readonly removed: number;
  readonly bytes: Uint8Array;
}

/** Bytes that replace as many others. */
export function overwrite(offset: number, bytes: Uint8Array): Patch {
  return { offset, removed: bytes.length, bytes };
}

/** The source with these changes; they may come in any order and do not overlap. */
export function applyPatches(source: ByteSource, patches: readonly Patch[]): SegmentMap {
  const segments: (Uint8Array | Extent)[] = [];
  let at = 0;
  for (const { offset, removed, bytes } of patches.toSorted((one, other) => one.offset - other.offset)) {
    segments.push({ offset: at, length: offset - at }, bytes);
    at = offset + removed;
  }
  return new SegmentMap(source, [...segments, { offset: at, length: source.size - at }]);
}
