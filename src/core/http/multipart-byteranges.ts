import { contentRange, type ByteRange } from './byte-range.js';

/** Bytes of a body: text from memory, or a range of the representation. */
export type BodyPart = Uint8Array | ByteRange;

interface Selected {
  readonly size: number;
  readonly mediaType: string;
}

/**
 * The body of a multipart/byteranges answer (RFC 9110 §14.6), one part for each range in the order given.
 * @param boundary must not occur in the data; 24 random hexadecimal digits see to that.
 */
export function layOutByteranges(
  ranges: readonly ByteRange[],
  selected: Selected,
  boundary: string,
): BodyPart[] {
  const parts = ranges.flatMap((range): BodyPart[] => [
    Buffer.from(partHeader(range, selected, boundary), 'latin1'),
    range,
  ]);
  return [...parts, Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')];
}

/** What one more part costs at the most, in bytes: ranges that lie closer together are cheaper sent as one. */
export function partOverhead(selected: Selected, boundary: string): number {
  return partHeader({ offset: selected.size, length: 1 }, selected, boundary).length;
}

/** The CRLF in front of the first delimiter is an empty preamble, which RFC 2046 §5.1.1 allows. */
function partHeader(range: ByteRange, selected: Selected, boundary: string): string {
  return (
    `\r\n--${boundary}\r\n` +
    `Content-Type: ${selected.mediaType}\r\n` +
    `Content-Range: ${contentRange(range, selected.size)}\r\n\r\n`
  );
}
