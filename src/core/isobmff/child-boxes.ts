import { decodeBoxHeader, isBoxType } from './box-header.js';
import type { Payload } from './payload.js';

/** A box inside bytes that are in memory already: the contents of a sample entry. */
export interface ChildBox {
  readonly type: string;
  readonly payload: Payload;
}

/** Boxes in one sample entry; real ones have a dozen. */
const MAX_CHILDREN = 64;

/**
 * The boxes from `at` on. Ends silently at the first thing that is no box, since sample entries of QuickTime files
 * end in padding and in tables of their own.
 */
export function childBoxes(payload: Payload, at: number): ChildBox[] {
  const boxes: ChildBox[] = [];
  let position = at;
  while (position + 8 <= payload.length && boxes.length < MAX_CHILDREN) {
    const header = decodeBoxHeader(payload.bytes.subarray(position), position, payload.length);
    if (typeof header !== 'object' || header.toEnd || !isBoxType(header.type)) break;
    const end = position + header.size;
    if (end > payload.length) break;
    boxes.push({ type: header.type, payload: payload.from(position + header.headerSize, end) });
    position = end;
  }
  return boxes;
}

/** The payload of the first box of this type. */
export function childPayload(boxes: readonly ChildBox[], type: string): Payload | undefined {
  return boxes.find((box) => box.type === type)?.payload;
}
