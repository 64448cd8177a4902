import type { BoundedReader } from './bounded-reader.js';
import { type BoxHeader, decodeBoxHeader, LONGEST_HEADER } from './box-header.js';
import { MAX_TOP_LEVEL_BOXES } from './layout.js';

/**
 * The first top-level box of this type, looking no further: what stands behind it costs nothing. Undefined where there
 * is none, or none among the boxes that are walked before giving up.
 *
 * @throws what the reader throws
 */
export async function findTopLevelBox(reader: BoundedReader, type: string): Promise<BoxHeader | undefined> {
  let position = 0;
  for (let count = 0; count < MAX_TOP_LEVEL_BOXES && position < reader.size; count += 1) {
    const header = decodeBoxHeader(await reader.read(position, LONGEST_HEADER), position, reader.size);
    if (typeof header !== 'object') return undefined;
    if (header.type === type) return header;
    position += header.size;
  }
  return undefined;
}
