/** A run of bytes of a file with what is shown of one track from there on. Times in units of the track's timescale. */
export interface Subsegment {
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** When its first sample is shown. */
  readonly time: number;
  readonly startsWithSync: boolean;
}

/** The subsegments of one track, one behind the other without a gap. */
export interface TrackIndex {
  readonly trackId: number;
  readonly timescale: number;
  /** In file order; at least one. */
  readonly subsegments: readonly Subsegment[];
  /** When the last one has been shown. */
  readonly endTime: number;
  /** Where the last one ends, in bytes from the start of the file. */
  readonly endOffset: number;
}

/** The number of references has 16 bits, the size of a subsegment 31, its duration 32 (ISO/IEC 14496-12 §8.16.3.2). */
const MOST_REFERENCES = 0xffff;
const LARGEST_SIZE = 2 ** 31;
const LONGEST_DURATION = 2 ** 32;
const FIELDS = 40;
const REFERENCE = 12;
const STARTS_WITH_SAP = 0x8000_0000;

/**
 * Segment indexes (`sidx`, §8.16.3) of several tracks, one behind the other, that stand right in front of the first
 * subsegment. Undefined where a field is too small for a number: a time that goes back, a fragment of 2 GiB.
 */
export function writeSegmentIndexes(indexes: readonly TrackIndex[]): Buffer | undefined {
  const boxes: Buffer[] = [];
  let behind = 0;
  for (const index of indexes.toReversed()) {
    const box = writeSegmentIndex(index, behind);
    if (!box) return undefined;
    boxes.unshift(box);
    behind += box.length;
  }
  return Buffer.concat(boxes);
}

/** @param firstOffset bytes between the box and the first subsegment: the indexes of other tracks */
function writeSegmentIndex(index: TrackIndex, firstOffset: number): Buffer | undefined {
  const { trackId, timescale, endTime, endOffset } = index;
  const subsegments = thinnedOut(index.subsegments);
  const box = Buffer.alloc(FIELDS + subsegments.length * REFERENCE);
  box.writeUInt32BE(box.length, 0);
  box.write('sidx', 4, 'latin1');
  box.writeUInt8(1, 8); // version: 64-bit times
  box.writeUInt32BE(trackId, 12);
  box.writeUInt32BE(timescale, 16);
  box.writeBigUInt64BE(BigInt(subsegments[0]!.time), 20);
  box.writeBigUInt64BE(BigInt(firstOffset), 28);
  box.writeUInt16BE(subsegments.length, 38);
  for (const [place, { offset, time, startsWithSync }] of subsegments.entries()) {
    const next = subsegments[place + 1] ?? { offset: endOffset, time: endTime };
    const size = next.offset - offset;
    const duration = next.time - time;
    if (duration < 0 || duration >= LONGEST_DURATION || size >= LARGEST_SIZE) return undefined;
    const at = FIELDS + place * REFERENCE;
    box.writeUInt32BE(size, at);
    box.writeUInt32BE(duration, at + 4);
    // SAP_type 0: of which type the point is, is not said.
    box.writeUInt32BE(startsWithSync ? STARTS_WITH_SAP : 0, at + 8);
  }
  return box;
}

/** As many as fit into one box: each is then several fragments. */
function thinnedOut(subsegments: readonly Subsegment[]): readonly Subsegment[] {
  const together = Math.ceil(subsegments.length / MOST_REFERENCES);
  return together === 1 ? subsegments : subsegments.filter((_, place) => place % together === 0);
}
