import { type BoundedReader, orNull } from '../isobmff/index.js';
import { type Element, endOf, readElement } from './element.js';
import { type Field, fieldData, float, readFields, unsigned } from './fields.js';
import { ID } from './ids.js';

/** What stands in front of the first cluster of a Segment (RFC 9559 §5.1), and what its SeekHead leads to. */
export interface Segment {
  readonly header: Element;
  /** Where positions in the file count from (§16). */
  readonly dataOffset: number;
  /** Children in front of the first cluster, in file order. */
  readonly children: readonly Element[];
  /** The first cluster; undefined where none was reached. */
  readonly firstCluster: Element | undefined;
  readonly info: Info | undefined;
  /** The fields of Tracks; empty without. */
  readonly tracks: readonly Field[];
  /** Where the index stands: in front of the media, behind it, or nowhere that a SeekHead tells. */
  readonly cues: 'front' | 'end' | 'none';
  /** Whether some element says where another one is. */
  readonly hasPositions: boolean;
}

export interface Info {
  readonly element: Element;
  readonly fields: readonly Field[];
  /** Nanoseconds of one unit of time. */
  readonly timestampScale: number;
  /** In units of the timestamp scale; null where it is not said, or said to be 0. */
  readonly duration: number | null;
}

/** Children looked at in front of the first cluster; real files have fewer than ten. */
const MOST_CHILDREN = 200;
/** Bytes of Info, Tracks or SeekHead that are loaded. */
const LARGEST = 2 ** 20;

/** Undefined when there is no Segment behind the EBML header. @throws what the reader throws */
export async function readSegment(reader: BoundedReader): Promise<Segment | undefined> {
  const ebml = await readElement(reader, 0);
  if (ebml?.id !== ID.EBML || ebml.size === null) return undefined;
  let header = await readElement(reader, endOf(ebml, reader.size));
  if (header?.id === ID.VOID) header = await readElement(reader, endOf(header, reader.size));
  if (header?.id !== ID.SEGMENT) return undefined;
  const dataOffset = header.offset + header.headerSize;
  const { children, firstCluster } = await readChildren(reader, dataOffset, endOf(header, reader.size));
  const seeks = await readSeeks(reader, children);
  const find = async (id: number) => {
    const child = children.find((element) => element.id === id);
    const position = seeks.get(id);
    if (child || position === undefined) return child;
    const sought = await readElement(reader, dataOffset + position);
    return sought?.id === id ? sought : undefined;
  };
  const info = await find(ID.INFO);
  const tracks = await find(ID.TRACKS);
  const cues = await find(ID.CUES);
  return {
    header,
    dataOffset,
    children,
    firstCluster,
    info: info && describeInfo(info, await readChildFields(reader, info)),
    tracks: tracks ? await readChildFields(reader, tracks) : [],
    cues: !cues ? 'none' : firstCluster && cues.offset > firstCluster.offset ? 'end' : 'front',
    hasPositions: seeks.size > 0 || cues !== undefined,
  };
}

async function readChildren(reader: BoundedReader, from: number, end: number) {
  const children: Element[] = [];
  for (let at = from; at < end && children.length < MOST_CHILDREN;) {
    const element = await readElement(reader, at);
    if (!element) break;
    if (element.id === ID.CLUSTER) return { children, firstCluster: element };
    children.push(element);
    if (element.size === null) break;
    at = element.offset + element.headerSize + element.size;
  }
  return { children, firstCluster: undefined };
}

/** @throws what the reader throws */
export async function readChildFields(reader: BoundedReader, element: Element): Promise<Field[]> {
  const start = element.offset + element.headerSize;
  return readFields(await reader.read(start, Math.min(LARGEST, endOf(element, reader.size) - start)));
}

/** Positions by ID, relative to the Segment's data (RFC 9559 §5.1.1). */
async function readSeeks(reader: BoundedReader, children: readonly Element[]): Promise<Map<number, number>> {
  const seeks = new Map<number, number>();
  for (const head of children.filter(({ id }) => id === ID.SEEK_HEAD).slice(0, 2)) {
    for (const seek of await readChildFields(reader, head)) {
      if (seek.id !== ID.SEEK) continue;
      const fields = readFields(seek.data);
      const id = unsigned(fieldData(fields, ID.SEEK_ID));
      const position = unsigned(fieldData(fields, ID.SEEK_POSITION));
      if (id !== undefined && position !== undefined && !seeks.has(id)) seeks.set(id, position);
    }
  }
  return seeks;
}

const MILLISECOND = 1_000_000;

function describeInfo(element: Element, fields: readonly Field[]): Info {
  const duration = float(fieldData(fields, ID.DURATION)) ?? 0;
  return {
    element,
    fields,
    timestampScale: orNull(unsigned(fieldData(fields, ID.TIMESTAMP_SCALE))) ?? MILLISECOND,
    duration: duration > 0 && Number.isFinite(duration) ? duration : null,
  };
}
