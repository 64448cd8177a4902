import type { HlsPlaylist } from '../hls/index.js';
import type { BoxExtent, BoxReport, FaststartReason, Problem, TrackReport } from '../isobmff/index.js';
import type { Container } from './container.js';

/**
 * What a media file says of itself. Plain JSON: sizes and offsets in bytes, times in seconds, null for what the file
 * does not say or what does not apply to its container.
 */
export interface MediaReport {
  readonly container: Container;
  /** Without parameters: `video/mp4`, `audio/ogg`. */
  readonly mediaType: string;
  /** Of the file. */
  readonly size: number;
  /** Whether a player has moov before it meets the media; null where that cannot be asked, see `faststartReason`. */
  readonly faststart: boolean | null;
  /** Why `faststart` is null; null otherwise. */
  readonly faststartReason: FaststartReason | null;
  readonly majorBrand: string | null;
  readonly minorVersion: number | null;
  /** At most 64. */
  readonly compatibleBrands: readonly string[];
  /** Whether movie fragments hold the media, or may. */
  readonly fragmented: boolean;
  /** The moov box, header included; `size` as the file claims. */
  readonly moov: BoxExtent | null;
  /** The media data boxes, at most 200. */
  readonly mdats: readonly BoxExtent[];
  /** Offset of moov: what stands in front of it. */
  readonly bytesBeforeMoov: number | null;
  /** The top-level boxes in file order, at most 200. */
  readonly boxes: readonly BoxReport[];
  /** Whether the file has more top-level boxes than `boxes` lists. */
  readonly boxesTruncated: boolean;
  readonly duration: number | null;
  /** Of the whole file, in bits per second: its size over its duration. */
  readonly bitRate: number | null;
  readonly tracks: readonly TrackReport[];
  /** Of an HLS playlist; null for other containers. */
  readonly playlist: HlsPlaylist | null;
  readonly problems: readonly Problem[];
  /** Bytes of the file this report cost. */
  readonly bytesRead: number;
}
