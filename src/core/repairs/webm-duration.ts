import { BoundedReader } from '../isobmff/index.js';
import type { ByteSource } from '../bytes/index.js';
import {
  defaultDurations,
  type Element,
  encodeSize,
  endOf,
  ID,
  type Info,
  readChildFields,
  readEndTime,
  readSegment,
  type Segment,
} from '../matroska/index.js';
import { applyPatches, overwrite, type Patch } from './patch.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';

/**
 * Lets a recorded WebM or Matroska file say how long it lasts (RFC 9559 §5.1.2.10): the recorders of browsers write its
 * head before they know. Firefox leaves a Duration of 0, which is overwritten; Chromium none, so one is put into Info.
 * That moves what stands behind: allowed where nothing counts from the start of the Segment, or where a Void beside
 * Info gives the room.
 */
export const webmDuration: Repair = { name: 'webm-duration', version: 1, plan: planWebmDuration };

async function planWebmDuration(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  const start = await reader.read(0, 4);
  if (Buffer.compare(start, Buffer.of(0x1a, 0x45, 0xdf, 0xa3)) !== 0) return NOT_NEEDED;
  const segment = await readSegment(reader);
  const { info, firstCluster } = segment ?? {};
  if (!segment || !info || !firstCluster || info.duration !== null) return NOT_NEEDED;
  if (info.element.size === null || info.element.offset > firstCluster.offset) return IMPOSSIBLE.malformed;
  signal?.throwIfAborted();
  const lasting = defaultDurations(segment.tracks, info.timestampScale);
  const duration = await readEndTime(reader, segment, lasting);
  if (!duration) return IMPOSSIBLE.noEnd;
  // A checksum of Info (RFC 8794 §11.3.1) would no longer hold.
  if (info.fields.some(({ id }) => id === ID.CRC_32)) return IMPOSSIBLE.checksum;
  const patches = overwritten(info, duration) ?? (await inserted(reader, segment, info, duration));
  if (!patches) return IMPOSSIBLE.positions;
  const seconds = (duration * info.timestampScale) / 1_000_000_000;
  return {
    kind: 'repaired',
    map: applyPatches(source, patches),
    changes: [`The recording says that it lasts ${seconds.toFixed(1)} s.`],
  };
}

/** In the place of a Duration that says nothing. */
function overwritten({ element, fields }: Info, duration: number): Patch[] | undefined {
  const field = fields.find(({ id }) => id === ID.DURATION);
  if (field?.size !== 4 && field?.size !== 8) return undefined;
  const bytes = Buffer.alloc(field.size);
  if (field.size === 4) bytes.writeFloatBE(duration);
  else bytes.writeDoubleBE(duration);
  return [overwrite(element.offset + element.headerSize + field.offset + field.headerSize, bytes)];
}

/** As the last field of Info. */
async function inserted(
  reader: BoundedReader,
  segment: Segment,
  { element }: Info,
  duration: number,
): Promise<Patch[] | undefined> {
  const field = Buffer.from([0x44, 0x89, 0x88, ...new Uint8Array(8)]);
  field.writeDoubleBE(duration, 3);
  const end = endOf(element, reader.size);
  const size = encodeSize(element.size! + field.length, element.headerSize - ID_LENGTH);
  const grown = field.length + size.length - (element.headerSize - ID_LENGTH);
  const patches: Patch[] = [
    { offset: element.offset + ID_LENGTH, removed: element.headerSize - ID_LENGTH, bytes: size },
    { offset: end, removed: 0, bytes: field },
  ];
  const room = segment.children.find(({ id, offset }) => id === ID.VOID && offset === end);
  const shrunk = room && shrinkVoid(room, grown);
  if (shrunk) return [...patches, shrunk];
  // What stands in front of Info does not move, and nothing may point behind it.
  if (segment.hasPositions || (await hasPosition(reader, segment.firstCluster!))) return undefined;
  return segment.header.size === null ? patches : [...patches, grownSegment(segment.header, grown)];
}

/** Of Info and Segment. */
const ID_LENGTH = 4;
const VOID_ID = 0xec;

/** A Void that takes up `less` bytes fewer, or nothing; undefined where it has not that many. */
function shrinkVoid({ offset, headerSize, size }: Element, less: number): Patch | undefined {
  const whole = headerSize + (size ?? 0);
  const left = whole - less;
  if (size === null || left < 0 || left === 1) return undefined;
  if (left === 0) return { offset, removed: whole, bytes: Buffer.alloc(0) };
  // An ID of one byte, then the size, as long as it may be within what is left.
  const width = Math.min(8, left - 1);
  const bytes = Buffer.concat([
    Buffer.of(VOID_ID),
    encodeSize(left - 1 - width, width),
    Buffer.alloc(left - 1 - width),
  ]);
  return { offset, removed: whole, bytes };
}

function grownSegment({ offset, headerSize, size }: Element, by: number): Patch {
  const removed = headerSize - ID_LENGTH;
  return { offset: offset + ID_LENGTH, removed, bytes: encodeSize(size! + by, removed) };
}

/** Bytes at the start of a cluster that are looked at. */
const CLUSTER_HEAD = 64;

/** Whether clusters say where they stand (RFC 9559 §5.1.3.2). */
async function hasPosition(reader: BoundedReader, cluster: Element): Promise<boolean> {
  const head = { ...cluster, size: Math.min(cluster.size ?? CLUSTER_HEAD, CLUSTER_HEAD) };
  return (await readChildFields(reader, head)).some(({ id }) => id === ID.POSITION);
}

const IMPOSSIBLE = {
  malformed: impossible('malformed-info', 'The head of the recording is damaged.'),
  noEnd: impossible(
    'no-last-cluster',
    'The end of the recording was not found: how long it lasts is not known.',
  ),
  checksum: impossible('checksum', 'The head of the recording has a checksum, which a change would break.'),
  positions: impossible(
    'positions-in-file',
    'The recording says where its parts stand, and there is no room to add its duration without moving them.',
  ),
};
