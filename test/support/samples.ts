import path from 'node:path';

export const SAMPLES = path.join(import.meta.dirname, '../../samples');

/** Every media file of the samples lasts this long, in seconds. */
export const SAMPLE_DURATION = 15;

export interface Sample {
  /** Path below the samples folder. */
  readonly path: string;
  readonly tag: 'video' | 'audio';
  readonly mediaType: string;
}

const video = (name: string, mediaType: string): Sample => ({
  path: `video/${name}`,
  tag: 'video',
  mediaType,
});
const audio = (name: string, mediaType: string): Sample => ({
  path: `audio/${name}`,
  tag: 'audio',
  mediaType,
});

export const VBR_WITHOUT_XING = audio('mp3-vbr-no-xing.mp3', 'audio/mpeg');
export const HEVC = video('mp4-hevc-hev1.mp4', 'video/mp4');
export const FRAGMENTED = video('mp4-fragmented.mp4', 'video/mp4');

/** What a browser is expected to play. */
export const MEDIA: readonly Sample[] = [
  video('mp4-moov-first.mp4', 'video/mp4'),
  video('mp4-moov-last.mp4', 'video/mp4'),
  FRAGMENTED,
  HEVC,
  video('quicktime.mov', 'video/quicktime'),
  video('matroska.mkv', 'video/matroska'),
  video('webm-vp9-opus.webm', 'video/webm'),
  audio('aac.m4a', 'audio/mp4'),
  audio('mp3-cbr.mp3', 'audio/mpeg'),
  audio('mp3-vbr-xing.mp3', 'audio/mpeg'),
  VBR_WITHOUT_XING,
  audio('ogg-opus.ogg', 'audio/ogg'),
  audio('opus.opus', 'audio/ogg'),
  audio('flac.flac', 'audio/flac'),
  audio('pcm.wav', 'audio/wav'),
  { path: 'Música – 音楽 – Ünïcode/Été à Zürich – 夏の歌.mp3', tag: 'audio', mediaType: 'audio/mpeg' },
];

/** The URL path of a sample on a server that serves the samples. */
export function fileUrl(sample: string): string {
  return `/files/${escaped(sample)}`;
}

/** The URL path of its playable form. */
export function streamUrl(sample: string): string {
  return `/stream/${escaped(sample)}`;
}

const escaped = (sample: string) => sample.split('/').map(encodeURIComponent).join('/');
