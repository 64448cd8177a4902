import type { BoundedReader } from '../isobmff/index.js';
import { type Element, decodeElement, endOf, readElement } from './element.js';
import { fieldData, readFields, unsigned } from './fields.js';
import { ID } from './ids.js';
import type { Segment } from './segment.js';

/** Bytes read at a time, and in all, in search of the last cluster from the end of the file. */
const WINDOW = 65_536;
const FARTHEST = 16 * 2 ** 20;
/** Elements looked at in all: five seconds of video and sound are about 500, and not each ID found is of a cluster. */
const MOST_ELEMENTS = 100_000;
const CLUSTER_ID = Buffer.of(0x1f, 0x43, 0xb6, 0x75);

/** What may stand in a cluster (RFC 9559 §5.1.3), and what ends one of unknown size. */
const IN_CLUSTER: ReadonlySet<number> = new Set([
  ID.TIMESTAMP,
  ID.POSITION,
  ID.PREV_SIZE,
  ID.SIMPLE_BLOCK,
  ID.BLOCK_GROUP,
  ID.VOID,
  ID.CRC_32,
]);
const IN_SEGMENT: ReadonlySet<number> = new Set([
  ID.CLUSTER,
  ID.CUES,
  ID.TAGS,
  ID.SEEK_HEAD,
  ID.INFO,
  ID.TRACKS,
  ID.CHAPTERS,
  ID.ATTACHMENTS,
  ID.VOID,
]);

/**
 * When the last block ends, in units of the timestamp scale: of the last cluster whose blocks lead to the end of the
 * file or to what may follow a cluster. Searched for from the end of the file, so that it costs the last cluster and no
 * more. Undefined where none is found.
 *
 * @param defaultDurations of blocks by track number, in units of the timestamp scale
 * @throws what the reader throws
 */
export async function readEndTime(
  reader: BoundedReader,
  { firstCluster }: Segment,
  defaultDurations: ReadonlyMap<number, number>,
): Promise<number | undefined> {
  if (!firstCluster) return undefined;
  const allowance = { elements: MOST_ELEMENTS };
  const earliest = await readCluster(reader, firstCluster, defaultDurations, { elements: 1 });
  const farthest = Math.max(firstCluster.offset, reader.size - FARTHEST);
  for (let end = reader.size; end > farthest; end -= WINDOW) {
    const start = Math.max(farthest, end - WINDOW);
    // An ID may lie across two windows.
    const bytes = Buffer.from(await reader.read(start, end - start + CLUSTER_ID.length - 1));
    for (
      let at = bytes.lastIndexOf(CLUSTER_ID);
      at >= 0;
      at = at > 0 ? bytes.lastIndexOf(CLUSTER_ID, at - 1) : -1
    ) {
      const element = await readElement(reader, start + at);
      const cluster = element && (await readCluster(reader, element, defaultDurations, allowance));
      if ((allowance.elements -= 1) < 0) return undefined;
      if (cluster?.endTime !== undefined && cluster.time >= (earliest?.time ?? 0)) return cluster.endTime;
    }
  }
  return undefined;
}

/** What the search may still look at. */
interface Allowance {
  elements: number;
}

interface Cluster {
  readonly time: number;
  /** Undefined without blocks. */
  readonly endTime: number | undefined;
}

/** Undefined when what stands there is no cluster, or none that begins with its time. */
async function readCluster(
  reader: BoundedReader,
  cluster: Element,
  defaultDurations: ReadonlyMap<number, number>,
  allowance: Allowance,
): Promise<Cluster | undefined> {
  const end = endOf(cluster, reader.size);
  const blocks = new Blocks(defaultDurations);
  let time: number | undefined;
  let at = cluster.offset + cluster.headerSize;
  while (at < end && (allowance.elements -= 1) >= 0) {
    const element = await readElement(reader, at);
    // A file may be cut off within the last header.
    if (!element) return end - at < 12 ? finished() : undefined;
    if (!IN_CLUSTER.has(element.id)) return IN_SEGMENT.has(element.id) ? finished() : undefined;
    const start = at + element.headerSize;
    if (element.size === null) return undefined;
    at = start + element.size;
    if (element.id === ID.TIMESTAMP) {
      if (time !== undefined || element.size > 8) return undefined;
      time = unsigned(await reader.read(start, element.size));
    } else if (element.id === ID.SIMPLE_BLOCK || element.id === ID.BLOCK_GROUP) {
      if (time === undefined) return undefined;
      if (at <= reader.size) await addBlock(reader, element, time, blocks);
    }
  }
  return finished();

  function finished(): Cluster | undefined {
    return time === undefined ? undefined : { time, endTime: blocks.end };
  }
}

/** Bytes at the start of a block: the track's number and the time, relative to the cluster's (§10.1). */
const BLOCK_HEADER = 10;
/** Bytes of a block group that are looked through for its duration; only behind a longer block it is not found. */
const LONGEST_GROUP = 65_536;

async function addBlock(
  reader: BoundedReader,
  element: Element,
  clusterTime: number,
  blocks: Blocks,
): Promise<void> {
  const start = element.offset + element.headerSize;
  if (element.id === ID.SIMPLE_BLOCK) {
    blocks.add(await reader.read(start, Math.min(BLOCK_HEADER, element.size!)), clusterTime);
    return;
  }
  const fields = readFields(await reader.read(start, Math.min(LONGEST_GROUP, element.size!)));
  const block = fieldData(fields, ID.BLOCK);
  if (block) blocks.add(block, clusterTime, unsigned(fieldData(fields, ID.BLOCK_DURATION)));
}

/** When the blocks of a cluster end. One that does not say how long it lasts lasts as long as the one before. */
class Blocks {
  end: number | undefined;
  readonly #lastTimes = new Map<number, number>();

  constructor(private readonly defaultDurations: ReadonlyMap<number, number>) {}

  add(header: Uint8Array, clusterTime: number, written?: number): void {
    // The number is coded as a size is, and an element needs an ID in front.
    const number = decodeElement(Buffer.from([0x80 | 1, ...header.subarray(0, 8)]), 0, 0);
    const at = (number?.headerSize ?? 0) - 1;
    if (typeof number?.size !== 'number' || at + 2 > header.length) return;
    const relative = new DataView(header.buffer, header.byteOffset, header.length).getInt16(at);
    const time = clusterTime + relative;
    const before = this.#lastTimes.get(number.size);
    this.#lastTimes.set(number.size, time);
    const duration =
      written ?? this.defaultDurations.get(number.size) ?? (before === undefined ? 0 : time - before);
    this.end = Math.max(this.end ?? 0, time + Math.max(0, duration));
  }
}
