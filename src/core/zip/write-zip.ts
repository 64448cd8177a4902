import { crc32 } from 'node:zlib';
import { SegmentStream, SourceLengthError, type ByteSource } from '../bytes/index.js';
import { centralRecord, dataDescriptor, endRecords, localHeader } from './records.js';
import type { ZipMember } from './zip-member.js';

/** The bytes of a member. Closed when they have been read, when reading failed, and when nobody wants the rest. */
export interface ZipContent {
  readonly source: ByteSource;
  close(): Promise<void>;
}

/** What is given out at a time: records are gathered until they are this many bytes, as are short files. */
const BLOCK = 64 * 1024;
/** From this many bytes on a piece is given out as it is. */
const LONG = 16 * 1024;

/**
 * An archive of the members in their order, stored, with ZIP64 where it is needed. One member is open at a time, and no
 * more is read than is taken. Beside the members it keeps twelve bytes for each, from which the central directory is made.
 * @param open opens a member that has bytes
 * @throws SourceLengthError when a source does not have the size of its member; what has been given out is no archive
 */
export function writeZip<Member extends ZipMember>(
  members: readonly Member[],
  open: (member: Member) => Promise<ZipContent>,
): AsyncGenerator<Uint8Array> {
  return gathered(pieces(members, open));
}

async function* pieces<Member extends ZipMember>(
  members: readonly Member[],
  open: (member: Member) => Promise<ZipContent>,
): AsyncGenerator<Uint8Array> {
  const sums = new Uint32Array(members.length);
  const offsets = new Float64Array(members.length);
  let offset = 0;
  for (const [index, member] of members.entries()) {
    offsets[index] = offset;
    const header = localHeader(member);
    yield header;
    let sum = 0;
    if (member.size > 0) {
      for await (const chunk of contentOf(member, open)) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    }
    const descriptor = dataDescriptor(member, sum);
    yield descriptor;
    sums[index] = sum;
    offset += header.length + member.size + descriptor.length;
  }
  let size = 0;
  for (const [index, member] of members.entries()) {
    const record = centralRecord(member, sums[index]!, offsets[index]!);
    yield record;
    size += record.length;
  }
  yield endRecords(members.length, offset, size);
}

async function* contentOf<Member extends ZipMember>(
  member: Member,
  open: (member: Member) => Promise<ZipContent>,
): AsyncGenerator<Uint8Array> {
  const content = await open(member);
  const { source } = content;
  try {
    if (source.size !== member.size) throw new SourceLengthError(member.size, source.size);
    const stream: AsyncIterable<Uint8Array> = new SegmentStream([{ source, offset: 0, length: member.size }]);
    yield* stream;
  } finally {
    // A descriptor that was only read from has nothing to lose when closing it fails.
    await content.close().catch(() => undefined);
  }
}

async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafe(BLOCK);
  let filled = 0;
  for await (const piece of pieces) {
    const isLong = piece.length >= LONG;
    if (filled > 0 && (isLong || filled + piece.length > BLOCK)) {
      yield block.subarray(0, filled);
      // The one before may still be on its way.
      block = Buffer.allocUnsafe(BLOCK);
      filled = 0;
    }
    if (isLong) {
      yield piece;
    } else {
      block.set(piece, filled);
      filled += piece.length;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
