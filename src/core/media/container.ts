import { type Brands, hasBrand } from '../isobmff/index.js';

/** How the media in a file is wrapped. */
export type Container =
  | 'mp4'
  | 'm4a'
  | 'quicktime'
  | '3gp'
  | 'heif'
  | 'avif'
  | 'jpeg2000'
  | 'matroska'
  | 'webm'
  | 'ogg'
  | 'mp3'
  | 'aac'
  | 'flac'
  | 'wav'
  | 'aiff'
  | 'avi'
  | 'mpeg-ts'
  | 'mpeg-ps'
  | 'flv'
  | 'asf'
  | 'hls';

const AVIF = ['avif', 'avis'];
const HEIF = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
const JPEG_2000 = ['jp2 ', 'jpx ', 'jpm '];
const AUDIO_ONLY = ['M4A ', 'M4B ', 'M4P '];

/** Which of the ISO base media family a file is, by its major brand first; without brands it is QuickTime's. */
export function isoBmffContainer(brands: Brands): Container {
  const major = brands.majorBrand;
  if (major === null || major === 'qt  ') return 'quicktime';
  if (AUDIO_ONLY.includes(major)) return 'm4a';
  if (/^3g[a-z0-9]{2}$/.test(major)) return '3gp';
  if (JPEG_2000.includes(major)) return 'jpeg2000';
  if (AVIF.includes(major)) return 'avif';
  if (HEIF.includes(major)) return hasBrand(brands, AVIF) ? 'avif' : 'heif';
  return 'mp4';
}

/** Media types with and without pictures (RFC 4337, RFC 3839, RFC 9559, RFC 5334, RFC 8216, the IANA registry). */
const MEDIA_TYPES: Record<Container, string> = {
  mp4: 'video/mp4',
  m4a: 'audio/mp4',
  quicktime: 'video/quicktime',
  '3gp': 'video/3gpp',
  heif: 'image/heif',
  avif: 'image/avif',
  jpeg2000: 'image/jp2',
  matroska: 'video/matroska',
  webm: 'video/webm',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  aiff: 'audio/aiff',
  avi: 'video/x-msvideo',
  'mpeg-ts': 'video/mp2t',
  'mpeg-ps': 'video/mpeg',
  flv: 'video/x-flv',
  asf: 'video/x-ms-asf',
  hls: 'application/vnd.apple.mpegurl',
};

/** The media type of a container, by its contents where those are known. */
export function mediaTypeOfContainer(
  container: Container,
  contents: 'pictures' | 'sound' | 'unknown',
): string {
  const type = MEDIA_TYPES[container];
  if (contents === 'sound' && (container === 'mp4' || container === '3gp'))
    return type.replace('video', 'audio');
  if (contents === 'pictures' && container === 'ogg') return 'video/ogg';
  return type;
}
