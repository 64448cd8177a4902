import { type BoxNode, findBox, findBoxes } from './box-tree.js';
import { readDataReferences } from './data-reference.js';
import { Payload, ShortBoxError } from './payload.js';
import { payloadIn, SampleSizes } from './sample-sizes.js';

/** A chunk of a track: a run of samples that lie one after the other. */
export interface Chunk {
  /** Counted from 0. */
  readonly index: number;
  /** In bytes from the start of the file it lies in; rounded above 2^53. */
  readonly offset: number;
  /** In bytes, by the sizes of its samples. */
  readonly size: number;
  /** Whether it lies in this very file. */
  readonly selfContained: boolean;
}

/**
 * Where the chunks of a track lie: `stco` or `co64` (ISO/IEC 14496-12 §8.7.5), with what `stsc`, `stsz`, `stsd` and
 * `dref` say of each. Everything is read where it lies in a moov box in memory; nothing is kept for a sample or chunk.
 */
export class ChunkTable {
  private constructor(
    readonly box: BoxNode,
    /** The payload of the box. */
    readonly table: Payload,
    readonly count: number,
    readonly sizes: SampleSizes,
    /** Entries of `stsc`, and how many there are. */
    readonly runs: Payload,
    readonly runCount: number,
    /** By sample description, from 0: whether its media lies in this file; undefined where all of it does. */
    readonly placement: readonly boolean[] | undefined,
  ) {}

  /**
   * Undefined for a track without chunk offsets.
   *
   * @param bytes of the moov box, in which the offsets of `minf` and `stbl` count
   * @param minf read with the payloads of `dref`
   * @throws {ShortBoxError} when a table claims more entries than its box holds, or there are two of chunk offsets
   */
  static of(bytes: Uint8Array, minf: BoxNode, stbl: BoxNode): ChunkTable | undefined {
    const boxes = [...findBoxes(stbl, 'stco'), ...findBoxes(stbl, 'co64')];
    const box = boxes[0];
    if (!box) return undefined;
    if (boxes.length > 1) throw new ShortBoxError();
    const table = payloadIn(bytes, box);
    const count = countOf(table, box.type === 'co64' ? 8 : 4);
    const stsc = findBox(stbl, 'stsc');
    const runs = stsc ? payloadIn(bytes, stsc) : new Payload(new Uint8Array(8));
    const runCount = countOf(runs, 12);
    const placement = placementOf(bytes, minf, stbl);
    return new ChunkTable(box, table, count, SampleSizes.of(bytes, stbl), runs, runCount, placement);
  }

  /** Where a chunk begins, as {@link Chunk.offset}. */
  offsetAt(index: number): number {
    return this.box.type === 'co64' ? this.table.u64(8 + index * 8) : this.table.u32(8 + index * 4);
  }

  /** From the first chunk to the last. */
  walk(): ChunkWalk {
    return new ChunkWalk(this);
  }
}

/** Stands on one chunk after the other, so that walking millions of them allocates nothing. */
export class ChunkWalk implements Chunk {
  index = -1;
  #run = 0;
  #sample = 0;
  #samples = 0;

  constructor(private readonly chunks: ChunkTable) {}

  /** Goes on to the next chunk; false when there is none. */
  next(): boolean {
    const { chunks } = this;
    if (this.index + 1 >= chunks.count) return false;
    this.index += 1;
    const { runs, runCount } = chunks;
    const number = this.index + 1;
    while (this.#run + 1 < runCount && runs.u32(8 + (this.#run + 1) * 12) <= number) this.#run += 1;
    this.#sample += this.#samples;
    const covered = runCount > 0 && runs.u32(8 + this.#run * 12) <= number;
    this.#samples = covered ? runs.u32(12 + this.#run * 12) : 0;
    return true;
  }

  get offset(): number {
    return this.chunks.offsetAt(this.index);
  }

  get size(): number {
    return this.chunks.sizes.sum(this.#sample, this.#samples);
  }

  get selfContained(): boolean {
    const { placement, runs, runCount } = this.chunks;
    if (!placement) return true;
    const description = runCount > 0 ? runs.u32(16 + this.#run * 12) : 1;
    return placement[description - 1] ?? true;
  }
}

/** The number of entries of a table whose entries follow their number. */
function countOf(table: Payload, entrySize: number): number {
  const count = table.u32(4);
  if (count * entrySize > table.length - 8) throw new ShortBoxError();
  return count;
}

function placementOf(bytes: Uint8Array, minf: BoxNode, stbl: BoxNode): boolean[] | undefined {
  const dref = findBox(minf, 'dinf', 'dref');
  const references = dref ? readDataReferences(dref.payload) : [];
  const stsd = findBox(stbl, 'stsd');
  if (!stsd || !references.includes(false)) return undefined;
  const entries = payloadIn(bytes, stsd);
  const placement: boolean[] = [];
  for (let at = 8; at + 16 <= entries.length;) {
    const size = entries.u32(at);
    placement.push(references[entries.u16(at + 14) - 1] ?? true);
    if (size < 16) break;
    at += size;
  }
  return placement;
}
