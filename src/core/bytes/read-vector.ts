import type { ByteSource } from './byte-source.js';

/**
 * Fills the buffers one after the other from `offset` on, in one turn where the source can. Resolves to the number of
 * bytes read, fewer only where the source ends first.
 */
export function readVector(source: ByteSource, targets: readonly Buffer[], offset: number): Promise<number> {
  return source.readVector?.(targets, offset) ?? readOneByOne(source, targets, offset);
}

export async function readOneByOne(
  source: ByteSource,
  targets: readonly Buffer[],
  offset: number,
): Promise<number> {
  let filled = 0;
  for (const target of targets) {
    const bytesRead = await source.readInto(target, offset + filled);
    filled += bytesRead;
    if (bytesRead < target.length) break;
  }
  return filled;
}
