import type { BoxHeader } from './box-header.js';
import type { Layout } from './layout.js';

/** Where a box lies, in bytes; `size` as the file claims, header included. */
export interface BoxExtent {
  readonly offset: number;
  readonly size: number;
}

/**
 * Why the question whether a file starts fast has no answer:
 * - `not-isobmff`: the container has no moov box.
 * - `no-moov`, `no-mdat`: one of the two is missing.
 * - `media-segment`: a piece of a stream, to be played after its initialization segment.
 * - `still-image`: a picture; it has no moov by design.
 * - `truncated`: the file ends before or inside moov.
 * - `malformed`: something that is no box stands in the way.
 * - `too-many-boxes`: no moov among the boxes that were walked.
 */
export type FaststartReason =
  | 'malformed'
  | 'media-segment'
  | 'no-mdat'
  | 'no-moov'
  | 'not-isobmff'
  | 'still-image'
  | 'too-many-boxes'
  | 'truncated';

/** Whether a player has all it needs to begin before it meets the media. */
export interface Faststart {
  /** Whether moov starts before the first mdat; null where that cannot be asked. */
  readonly faststart: boolean | null;
  /** Why `faststart` is null; null otherwise. */
  readonly faststartReason: FaststartReason | null;
  /** Bytes a player reads or jumps over before it meets moov; null without moov. */
  readonly bytesBeforeMoov: number | null;
}

/** @param size of the file in bytes */
export function faststartOf(layout: Layout, size: number): Faststart {
  const moov = layout.boxes.find(({ type }) => type === 'moov');
  const media = layout.boxes.find(({ type }) => type === 'mdat' || type === 'moof');
  const bytesBeforeMoov = moov?.offset ?? null;
  const unanswered = (faststartReason: FaststartReason): Faststart => ({
    faststart: null,
    faststartReason,
    bytesBeforeMoov,
  });
  if (!moov) return unanswered(withoutMoov(layout));
  if (!liesInside(moov, size)) return unanswered('truncated');
  if (!media) return unanswered('no-mdat');
  return { faststart: moov.offset < media.offset, faststartReason: null, bytesBeforeMoov };
}

function withoutMoov({ boxes, end }: Layout): FaststartReason {
  const has = (...types: string[]) => boxes.some(({ type }) => types.includes(type));
  if (has('moof', 'styp', 'sidx')) return 'media-segment';
  if (has('meta') || boxes[0]?.type === 'jP  ') return 'still-image';
  return end === 'end' || end === 'trailing' || end === 'enough' ? 'no-moov' : end;
}

/** Whether the file has all the bytes the box claims. */
export function liesInside({ offset, size }: BoxHeader, fileSize: number): boolean {
  return size <= fileSize - offset;
}

export function extentOf({ offset, size }: BoxHeader): BoxExtent {
  return { offset, size };
}
