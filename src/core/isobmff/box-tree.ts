import type { BoundedReader } from './bounded-reader.js';
import { type BoxHeader, decodeBoxHeader, LONGEST_HEADER } from './box-header.js';
import { Payload } from './payload.js';

/** A box inside moov or moof, with its children, or with as much of its payload as was asked for. */
export interface BoxNode extends BoxHeader {
  readonly children: readonly BoxNode[];
  /** The first bytes after the header, for the types in `keep`; empty for all others. */
  readonly payload: Payload;
}

/** Something inside a box that breaks its structure; the walk goes on behind the enclosing box. */
export interface TreeFault {
  readonly kind: 'malformed' | 'too-deep' | 'too-many-boxes';
  /** The box the fault was found in. */
  readonly within: string;
  /** Where, in bytes from the start of the file. */
  readonly offset: number;
}

export interface BoxTree {
  readonly root: BoxNode;
  readonly faults: readonly TreeFault[];
}

/** Levels below the root; a sample table stands four levels below moov. */
export const MAX_DEPTH = 16;
/** Boxes read in one tree; a film of twenty tracks has about five hundred. */
export const MAX_TREE_BOXES = 10_000;

/** A box up to this size is read in one go: a request costs more than bytes do. */
const WHOLE = 65_536;

const CONTAINERS = new Set(
  'moov trak mdia minf stbl edts dinf udta mvex moof traf mfra meta tref'.split(' '),
);
/** What may stand in them is not always a box, and nothing here depends on it. */
const LENIENT = new Set(['udta', 'meta', 'tref']);
const NOTHING = new Payload(new Uint8Array(0));

interface Open {
  readonly type: string;
  readonly end: number;
  readonly lenient: boolean;
  readonly children: BoxNode[];
  position: number;
}

/**
 * Reads the boxes below `root`, header by header and without recursion, however they are nested.
 *
 * @param keep how many payload bytes to load of which type
 * @throws what the reader throws
 */
export async function readBoxTree(
  reader: BoundedReader,
  root: BoxHeader,
  keep: ReadonlyMap<string, number>,
): Promise<BoxTree> {
  if (root.size <= WHOLE) await reader.read(root.offset, root.size);
  const faults: TreeFault[] = [];
  const rootNode = { ...root, children: [] as BoxNode[], payload: NOTHING };
  const stack: Open[] = [await open(reader, rootNode, rootNode.children, Infinity, false)];
  let count = 0;
  for (let current = stack.at(-1); current; current = stack.at(-1)) {
    // Fewer than 8 bytes are no box: QuickTime ends user data with four zero bytes.
    if (current.end - current.position < 8) {
      stack.pop();
      continue;
    }
    const fault = (kind: TreeFault['kind']) =>
      faults.push({ kind, within: current.type, offset: current.position });
    if (++count > MAX_TREE_BOXES) {
      fault('too-many-boxes');
      break;
    }
    const room = Math.min(LONGEST_HEADER, current.end - current.position);
    const header = decodeBoxHeader(await reader.read(current.position, room), current.position, current.end);
    if (typeof header !== 'object' || header.toEnd || header.size > current.end - header.offset) {
      const padding = typeof header === 'object' && header.type === '\0\0\0\0';
      if (!current.lenient && !padding) fault('malformed');
      stack.pop();
      continue;
    }
    current.position += header.size;
    const children: BoxNode[] = [];
    const kept = Math.min(keep.get(header.type) ?? 0, header.size - header.headerSize);
    const payload =
      kept > 0 ? new Payload(await reader.read(header.offset + header.headerSize, kept)) : NOTHING;
    current.children.push({ ...header, children, payload });
    if (!CONTAINERS.has(header.type)) continue;
    if (stack.length >= MAX_DEPTH) fault('too-deep');
    else stack.push(await open(reader, header, children, current.end, current.lenient));
  }
  return { root: rootNode, faults };
}

async function open(
  reader: BoundedReader,
  box: BoxHeader,
  children: BoxNode[],
  limit: number,
  lenient: boolean,
): Promise<Open> {
  const start = box.offset + box.headerSize;
  const end = Math.min(box.offset + box.size, limit, reader.size);
  const position = box.type === 'meta' && (await isFullBox(reader, start)) ? start + 4 : start;
  return { type: box.type, position, end, children, lenient: lenient || LENIENT.has(box.type) };
}

/** `meta` has a version in ISO files (ISO/IEC 14496-12 §8.11.1) and none in QuickTime ones. */
async function isFullBox(reader: BoundedReader, start: number): Promise<boolean> {
  const type = String.fromCharCode(...(await reader.read(start + 4, 4)));
  return !/^(?:hdlr|mhdr|keys|ilst)$/.test(type);
}

/** The first box along `path` below `node`. */
export function findBox(node: BoxNode, ...path: readonly string[]): BoxNode | undefined {
  let found: BoxNode | undefined = node;
  for (const type of path) found = found?.children.find((child) => child.type === type);
  return found;
}

/** All children of `node` of one type, in file order. */
export function findBoxes(node: BoxNode, type: string): BoxNode[] {
  return node.children.filter((child) => child.type === type);
}
