import type { MediaReport, TrackReport } from '../media/index.js';
import type { TrackConfiguration } from './playability.js';

/** Containers whose media type says all: their codecs parameter is not registered, or adds nothing. */
const WITHOUT_CODECS = ['mp3', 'aac', 'flac', 'wav', 'aiff'];

/**
 * What to ask `canPlayType`: the media type with the codecs (RFC 6381) of picture and sound where all are known.
 * QuickTime asks as MP4, its sister: Chromium denies the one and plays it none the less.
 */
export function contentTypeOf(report: MediaReport): string {
  const codecs = heardOrSeen(report).map(({ codec }) => codec);
  return withCodecs(report, typeOf(report), codecs);
}

/** What to ask `MediaCapabilities.decodingInfo`, one question for each track of picture or sound. */
export function configurationsOf(report: MediaReport): TrackConfiguration[] {
  const tracks = heardOrSeen(report);
  // Of all tracks together, the best that is known of a lone track or of the picture, which takes nearly all of it.
  const rest = (track: TrackReport) =>
    tracks.length === 1 || track.kind === 'video' ? report.bitRate : null;
  return tracks.map((track): TrackConfiguration => {
    const bitrate = track.bitRate ?? rest(track);
    const contentType = withCodecs(report, typeOf(report, track.kind), [track.codec]);
    if (track.kind === 'video') {
      const { width, height, frameRate: framerate } = track;
      return { track: track.id, video: { contentType, width, height, bitrate, framerate } };
    }
    const channels = track.channels === null ? null : String(track.channels);
    return { track: track.id, audio: { contentType, channels, bitrate, samplerate: track.sampleRate } };
  });
}

function heardOrSeen({ tracks }: MediaReport): TrackReport[] {
  return tracks.filter(({ kind }) => kind === 'video' || kind === 'audio');
}

function typeOf({ container, mediaType }: MediaReport, kind?: TrackReport['kind']): string {
  const type = container === 'quicktime' ? 'video/mp4' : mediaType;
  return kind === 'video' || kind === 'audio' ? type.replace(/^(?:audio|video)\//, `${kind}/`) : type;
}

function withCodecs({ container }: MediaReport, type: string, codecs: readonly (string | null)[]): string {
  if (WITHOUT_CODECS.includes(container) || codecs.length === 0 || codecs.includes(null)) return type;
  return `${type}; codecs="${[...new Set(codecs)].join(', ')}"`;
}
