import { findBox, type BoxNode, Payload, readDataReferences, ShortBoxError } from '../isobmff/index.js';
import { Refusal } from './refusal.js';
import type { OffsetMap } from './relocate-offsets.js';

/** An item location box, and the meta box it belongs to. */
export interface ItemLocations {
  readonly meta: BoxNode;
  readonly iloc: BoxNode;
}

/** The item location boxes of all meta boxes below `node`, itself included. */
export function* findItemLocations(node: BoxNode): Generator<ItemLocations> {
  for (const child of node.children) {
    if (node.type === 'meta' && child.type === 'iloc') yield { meta: node, iloc: child };
    yield* findItemLocations(child);
  }
}

/** An unsigned field of 0, 4 or 8 bytes. */
interface Field {
  readonly at: number;
  readonly width: number;
  readonly value: number;
}

interface Extent {
  readonly offset: Field;
  readonly length: number;
}

/**
 * Writes new offsets into the payload of an ItemLocationBox (ISO/IEC 14496-12 §8.11.3), for the items that lie in this
 * very file: in place of the base offset if there is one and all extents move alike, else of each extent's.
 *
 * @throws {ShortBoxError} when the box ends before its items do
 * @throws {Refusal} when an offset does not fit into its field, or an item would be torn apart
 */
export function relocateItems(payload: Uint8Array, { meta }: ItemLocations, map: OffsetMap): void {
  const dref = findBox(meta, 'dinf', 'dref')?.payload;
  const references = dref ? readDataReferences(dref) : [];
  const box = new Payload(payload);
  const version = box.u8(0);
  if (version > 2) throw new Refusal('unknown-version', `Its item locations are of version ${version}.`);
  const [offsetWidth, lengthWidth] = [width(box.u8(4) >> 4), width(box.u8(4) & 15)];
  const [baseWidth, indexWidth] = [width(box.u8(5) >> 4), version > 0 ? width(box.u8(5) & 15) : 0];
  const idWidth = version === 2 ? 4 : 2;
  const extentWidth = indexWidth + offsetWidth + lengthWidth;
  let at = 6 + idWidth;
  for (let left = idWidth === 4 ? box.u32(6) : box.u16(6); left > 0; left -= 1) {
    at += idWidth;
    const method = version > 0 ? box.u16(at) & 15 : 0;
    if (version > 0) at += 2;
    const reference = box.u16(at);
    const base = readField(box, at + 2, baseWidth);
    const count = box.u16(at + 2 + baseWidth);
    at += 4 + baseWidth;
    if (at + count * extentWidth > box.length) throw new ShortBoxError();
    const here = method === 0 && (reference === 0 || references[reference - 1] === true);
    if (here) {
      // Extents without fields are all the same.
      const extents = Array.from({ length: extentWidth === 0 ? Math.min(count, 1) : count }, (_, index) => {
        const start = at + index * extentWidth + indexWidth;
        return {
          offset: readField(box, start, offsetWidth),
          length: readField(box, start + offsetWidth, lengthWidth).value,
        };
      });
      relocateItem(payload, base, extents, map);
    }
    at += count * extentWidth;
  }
}

function relocateItem(payload: Uint8Array, base: Field, extents: readonly Extent[], map: OffsetMap): void {
  const [first] = extents;
  if (!first) return;
  // One extent of no offset and no length is the whole file.
  if (extents.length === 1 && base.value + first.offset.value === 0 && first.length === 0) return;
  const targets = extents.map(({ offset, length }) => {
    const from = base.value + offset.value;
    if (!map.keeps(from, length))
      throw new Refusal('media-across-boxes', 'An item lies across boxes that part.');
    return { offset, from, to: map.map(from) };
  });
  const shift = targets[0]!.to - targets[0]!.from;
  const alike = targets.every(({ from, to }) => to - from === shift);
  if (alike && shift === 0) return;
  const moveBase = () => alike && write(payload, [[base, base.value + shift]]);
  const moveExtents = () =>
    write(
      payload,
      targets.map(({ offset, to }) => [offset, to - base.value]),
    );
  const done = base.value > 0 ? moveBase() || moveExtents() : moveExtents() || moveBase();
  if (!done) throw new Refusal('offset-overflow', 'The new place of an item does not fit into its field.');
}

/** Writes all of these, or none and answers false when one does not fit. */
function write(payload: Uint8Array, changes: readonly (readonly [Field, number])[]): boolean {
  const fits = changes.every(
    ([{ width }, value]) => value >= 0 && value < (width === 0 ? 1 : width === 4 ? 2 ** 32 : 2 ** 53),
  );
  if (!fits) return false;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  for (const [{ at, width }, value] of changes) {
    if (width === 4) view.setUint32(at, value);
    if (width === 8) view.setBigUint64(at, BigInt(value));
  }
  return true;
}

function width(size: number): number {
  if (size !== 0 && size !== 4 && size !== 8) throw new ShortBoxError();
  return size;
}

function readField(box: Payload, at: number, width: number): Field {
  return { at, width, value: width === 0 ? 0 : width === 4 ? box.u32(at) : box.u64(at) };
}
