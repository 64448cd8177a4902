import { fourCharacters, type Payload } from './payload.js';

/** The entries that can point elsewhere (ISO/IEC 14496-12 §8.7.2, QuickTime): any other is a writer's whim. */
const POINTING = /^(?:url |urn |alis|rsrc|imdt|snim)$/;

/**
 * For each entry of a `dref` box (ISO/IEC 14496-12 §8.7.2): whether the media it stands for lies in this very file and
 * is counted from its start.
 */
export function readDataReferences(dref: Payload): boolean[] {
  const references: boolean[] = [];
  for (let at = 8; at + 12 <= dref.length;) {
    const size = dref.u32(at);
    references.push(!POINTING.test(fourCharacters(dref.bytes, at + 4)) || (dref.u24(at + 9) & 1) === 1);
    if (size < 12) break;
    at += size;
  }
  return references;
}
