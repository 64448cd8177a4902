import type { FragmentTimes } from './fragment-duration.js';
import type { Movie } from './movie.js';
import { orNull } from './payload.js';
import type { Track, TrackKind } from './track.js';

/** One track, as the report says it. Plain JSON; null is: not said by the file, or not applicable to the kind. */
export interface TrackReport {
  readonly id: number;
  readonly kind: TrackKind;
  /** The handler's type: `vide`, `soun`, `sbtl`, ... */
  readonly handler: string;
  readonly enabled: boolean;
  /** The type of the sample entry as written: `avc1`, `hev1`, `encv`. */
  readonly sampleEntry: string | null;
  /** For the `codecs` parameter of RFC 6381: `avc1.64001f`, `mp4a.40.2`. */
  readonly codec: string | null;
  /** The codec's common name as FFmpeg says it: `h264`, `aac`, `pcm_s16le`. */
  readonly codecName: string | null;
  readonly encrypted: boolean;
  /** `cenc`, `cbcs`, ... */
  readonly encryptionScheme: string | null;
  /** ISO 639-2/T or BCP 47. */
  readonly language: string | null;
  /** Seconds it is shown. */
  readonly duration: number | null;
  /** Seconds of nothing before it begins. */
  readonly startTime: number;
  /** Units per second of its own times. */
  readonly timescale: number;
  /** Samples listed in moov: frames of a video; those in fragments are not counted. */
  readonly sampleCount: number | null;
  /** In bits per second, where the file states it. */
  readonly bitRate: number | null;
  /** Coded size in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  /** The size it is shown at, turned and with its pixel aspect ratio, in pixels. */
  readonly displayWidth: number | null;
  readonly displayHeight: number | null;
  /** Clockwise, in degrees, for display. */
  readonly rotation: 0 | 90 | 180 | 270 | null;
  /** Mirrored top to bottom before it is turned. */
  readonly mirrored: boolean;
  /** Width to height of one pixel, where the file says it. */
  readonly pixelAspectRatio: readonly [number, number] | null;
  /** Frames per second on average, where moov lists the frames. */
  readonly frameRate: number | null;
  /** Of the decoded sound. */
  readonly channels: number | null;
  /** In Hz, of the decoded sound. */
  readonly sampleRate: number | null;
}

/** @param times of the fragments, where the movie has any */
export function reportTrack(track: Track, times: FragmentTimes | undefined): TrackReport {
  const { id, kind, handler, enabled, language, startTime, timescale, entry, table } = track;
  const sampleCount = times ? null : (table?.sampleCount ?? null);
  return {
    id,
    kind,
    handler,
    enabled,
    sampleEntry: entry?.type ?? null,
    codec: entry?.codec ?? null,
    codecName: entry?.codecName ?? null,
    encrypted: entry?.encrypted ?? false,
    encryptionScheme: entry?.encryptionScheme ?? null,
    language,
    duration: times?.tracks.get(id) ?? track.duration,
    startTime,
    timescale,
    sampleCount,
    bitRate: entry?.bitRate ?? null,
    width: orNull(entry?.width),
    height: orNull(entry?.height),
    displayWidth: track.displayWidth,
    displayHeight: track.displayHeight,
    rotation: track.rotation,
    mirrored: track.mirrored,
    pixelAspectRatio: entry?.pixelAspectRatio ?? null,
    frameRate: kind === 'video' ? frameRateOf(track, sampleCount) : null,
    channels: entry?.channels ?? null,
    sampleRate: entry?.sampleRate ?? null,
  };
}

function frameRateOf({ mediaDuration, timescale }: Track, sampleCount: number | null): number | null {
  if (!mediaDuration || !sampleCount) return null;
  return Math.round((sampleCount * timescale * 1000) / mediaDuration) / 1000;
}

/** How long the movie is, in seconds: by its header, else by its longest track; of fragments, by these. */
export function movieDuration(movie: Movie, times: FragmentTimes | undefined): number | null {
  const { timescale, duration } = movie.header;
  const ends = movie.tracks.flatMap((track) => (track.duration ? [track.startTime + track.duration] : []));
  const longest = ends.length > 0 ? Math.max(...ends) : null;
  if (movie.extended) return times?.end ?? longest ?? movie.extendedDuration ?? headerDuration();
  return headerDuration() ?? longest;

  function headerDuration(): number | null {
    return timescale > 0 && duration ? duration / timescale : null;
  }
}
