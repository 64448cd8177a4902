import { dosTime } from './dos-time.js';
import { isFolder, type ZipMember } from './zip-member.js';

/**
 * The records of a ZIP file, by the numbers of APPNOTE.TXT 6.3.10. Members are stored. A file's check sum is known only
 * when its bytes have gone by, so it stands behind them, in a data descriptor.
 */

/** From here on a field of four bytes holds this value, and ZIP64 has the true one (4.4.8). */
const MAX32 = 0xffffffff;
const MAX16 = 0xffff;

/** 2.0: folders and descriptors; 4.5: ZIP64 (4.4.3). */
const PLAIN_VERSION = 20;
const ZIP64_VERSION = 45;
const MADE_BY_UNIX = (3 << 8) | ZIP64_VERSION;

/** Bit 11: the name is UTF-8; bit 3: sum and sizes stand in the descriptor (4.4.4). */
const UTF8 = 1 << 11;
const DESCRIBED = 1 << 3;

/** Type and permissions as in `st_mode`: a file 0644, a folder 0755, which is a folder to MS-DOS too (4.4.15). */
const FILE_ATTRIBUTES = 0o100644 * 2 ** 16;
const FOLDER_ATTRIBUTES = 0o040755 * 2 ** 16 + 0x10;

/** Whether the size needs eight bytes, in the descriptor too (4.3.9.2). */
function isLarge({ size }: ZipMember): boolean {
  return size >= MAX32;
}

/** 4.3.7 */
export function localHeader(member: ZipMember): Buffer {
  const name = Buffer.from(member.name);
  // 4.5.3: both sizes have to be in this field here, and bit 3 says that they are not known yet.
  const extra = [...timestamp(member), ...(isLarge(member) ? zip64(0, 0) : [])];
  const unknown = isLarge(member) ? MAX32 : 0;
  const head = record(
    [4, 0x04034b50],
    [2, isLarge(member) ? ZIP64_VERSION : PLAIN_VERSION],
    ...common(member),
    [4, 0], // check sum
    [4, unknown],
    [4, unknown],
    [2, name.length],
    [2, lengthOf(extra)],
  );
  return Buffer.concat([head, name, record(...extra)]);
}

/** 4.3.9; nothing where there are no bytes to describe. */
export function dataDescriptor(member: ZipMember, crc: number): Buffer {
  if (member.size === 0) return Buffer.alloc(0);
  const width = isLarge(member) ? 8 : 4;
  return record([4, 0x08074b50], [4, crc], [width, member.size], [width, member.size]);
}

/**
 * 4.3.12
 * @param offset where the member's local header begins, in bytes
 */
export function centralRecord(member: ZipMember, crc: number, offset: number): Buffer {
  const name = Buffer.from(member.name);
  const large = [
    ...(isLarge(member) ? [member.size, member.size] : []),
    ...(offset >= MAX32 ? [offset] : []),
  ];
  const extra = [...timestamp(member), ...(large.length > 0 ? zip64(...large) : [])];
  const size = Math.min(member.size, MAX32);
  const head = record(
    [4, 0x02014b50],
    [2, MADE_BY_UNIX],
    [2, large.length > 0 ? ZIP64_VERSION : PLAIN_VERSION],
    ...common(member),
    [4, crc],
    [4, size],
    [4, size],
    [2, name.length],
    [2, lengthOf(extra)],
    [2, 0], // comment
    [2, 0], // disk
    [2, 0], // internal attributes
    [4, isFolder(member) ? FOLDER_ATTRIBUTES : FILE_ATTRIBUTES],
    [4, Math.min(offset, MAX32)],
  );
  return Buffer.concat([head, name, record(...extra)]);
}

/**
 * The end of the file: 4.3.16, and before it 4.3.14 and 4.3.15 where its fields do not suffice.
 * @param offset where the central directory begins, and `size`, its length, in bytes
 */
export function endRecords(count: number, offset: number, size: number): Buffer {
  const end = record(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, MAX16)],
    [2, Math.min(count, MAX16)],
    [4, Math.min(size, MAX32)],
    [4, Math.min(offset, MAX32)],
    [2, 0],
  );
  if (count < MAX16 && size < MAX32 && offset < MAX32) return end;
  const end64 = record(
    [4, 0x06064b50],
    [8, 44], // of what follows
    [2, MADE_BY_UNIX],
    [2, ZIP64_VERSION],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  );
  const locator = record([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]);
  return Buffer.concat([end64, locator, end]);
}

/** A field: its width in bytes, and its value. */
type Field = readonly [width: 1 | 2 | 4 | 8, value: number];

/** Flags, method, time and date, as the local header and the central record both have them. */
function common(member: ZipMember): Field[] {
  const { time, date } = dosTime(member.modified);
  return [
    [2, member.size > 0 ? UTF8 | DESCRIBED : UTF8],
    [2, 0], // stored
    [2, time],
    [2, date],
  ];
}

/**
 * The extended timestamp of Info-ZIP: seconds since the epoch, in UTC, as a signed number of four bytes (4.6.1, `UT` in
 * extrafld.txt). Before 1901 and after 2038 there is none.
 */
function timestamp({ modified }: ZipMember): Field[] {
  const seconds = Math.floor(modified / 1000);
  if ((seconds | 0) !== seconds) return [];
  return [
    [2, 0x5455],
    [2, 5],
    [1, 1], // the time of modification alone
    [4, seconds >>> 0],
  ];
}

/** The extended information of ZIP64 (4.5.3): those fields, in order, whose own place holds {@link MAX32}. */
function zip64(...values: readonly number[]): Field[] {
  return [[2, 0x0001], [2, 8 * values.length], ...values.map((value): Field => [8, value])];
}

function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, [width]) => sum + width, 0);
}

/** Little-endian (4.4.1.1). */
function record(...fields: readonly Field[]): Buffer {
  const bytes = Buffer.allocUnsafe(lengthOf(fields));
  let offset = 0;
  for (const [width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), offset);
    else bytes.writeUIntLE(value, offset, width);
    offset += width;
  }
  return bytes;
}
