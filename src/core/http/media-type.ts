import { lookup } from 'mime-types';

/** Where the registry's habit differs from what browsers and players know, or knows nothing. */
const CORRECTIONS = new Map(
  Object.entries({
    ac3: 'audio/ac3',
    aif: 'audio/aiff',
    aiff: 'audio/aiff',
    ape: 'audio/x-ape',
    ass: 'text/x-ssa',
    cmfa: 'audio/mp4',
    cmfv: 'video/mp4',
    cue: 'text/plain',
    eac3: 'audio/eac3',
    ec3: 'audio/eac3',
    f4v: 'video/mp4',
    flac: 'audio/flac',
    lrc: 'text/plain',
    m3u: 'audio/mpegurl',
    m4p: 'audio/mp4',
    m4s: 'video/iso.segment',
    m4v: 'video/mp4',
    mk3d: 'video/matroska',
    mka: 'audio/matroska',
    mks: 'application/matroska',
    mkv: 'video/matroska',
    mp1: 'audio/mpeg',
    mxf: 'application/mxf',
    nfo: 'text/plain',
    opus: 'audio/ogg',
    ssa: 'text/x-ssa',
    ts: 'video/mp2t',
    vob: 'video/mpeg',
    wv: 'audio/x-wavpack',
  }),
);

const INERT =
  /^(?:audio|video|font)\/|^image\/(?!svg)|^text\/(?:plain|vtt)$|^application\/octet-stream$|mpegurl$/;
const MEDIA = /^(?:audio|video|image)\/|^text\/vtt$|mpegurl$|^application\/dash\+xml$/;

/** The media type for a file name, without parameters; `application/octet-stream` for an unknown extension. */
export function mediaTypeOf(fileName: string): string {
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return CORRECTIONS.get(extension) ?? (lookup(extension) || 'application/octet-stream');
}

/**
 * The Content-Type field. Text is declared UTF-8, as nearly all of it is: without a charset browsers guess a
 * regional one.
 */
export function contentType(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

/**
 * Whether a browser might run script found in such a file: HTML, SVG, XML, PDF, and whatever is not known to be inert,
 * since browsers and their extensions keep learning to show things.
 */
export function isActiveContent(mediaType: string): boolean {
  return !INERT.test(mediaType);
}

/** Whether other sites' pages embed such a file: sound, pictures, films, their captions and playlists. */
export function isEmbeddable(mediaType: string): boolean {
  return MEDIA.test(mediaType);
}
