import { encodeKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';

/** The stored bytes. */
export function fileUrl(key: ObjectKey): string {
  return `/files/${encodeKey(key)}`;
}

/** The playable form. */
export function streamUrl(key: ObjectKey): string {
  return `/stream/${encodeKey(key)}`;
}

/** The entry of a file, or the listing of a folder. */
export function entryUrl(key: ObjectKey): string {
  return `/api/v1/entries/${encodeKey(key)}`;
}

/** The page that shows it to people. */
export function browseUrl(key: ObjectKey): string {
  return key === ROOT_KEY ? '/browse' : `/browse/${encodeKey(key)}`;
}

/** The media report. */
export function inspectionUrl(key: ObjectKey): string {
  return `/api/v1/inspections/${encodeKey(key)}`;
}

/** The subtitle files of a film or recording. */
export function subtitlesUrl(key: ObjectKey): string {
  return `/api/v1/subtitles/${encodeKey(key)}`;
}

/** A subtitle file as WebVTT: by itself, or as one of those of a film. */
export function webVttUrl(key: ObjectKey, sidecar?: ObjectKey): string {
  const url = `/api/v1/webvtt/${encodeKey(key)}`;
  return sidecar === undefined ? url : `${url}?sidecar=${encodeURIComponent(sidecar)}`;
}

/** A small picture of it; `size` is left to who asks. */
export function thumbnailUrl(key: ObjectKey): string {
  return `/api/v1/thumbnails/${encodeKey(key)}`;
}

/** Something in the trash; all of it without an id. */
export function trashUrl(id?: string): string {
  return id === undefined ? '/api/v1/trash' : `/api/v1/trash/${id}`;
}
