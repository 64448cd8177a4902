/** Types that mean the same to browsers: registered ones and those that servers' tables have had for decades. */
const FAMILIES: readonly (readonly string[])[] = [
  ['video/mp4', 'audio/mp4', 'video/x-m4v', 'audio/x-m4a', 'audio/m4a', 'application/mp4', 'video/quicktime'],
  ['video/3gpp', 'audio/3gpp', 'video/3gpp2', 'audio/3gpp2', 'video/mp4', 'audio/mp4'],
  ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
  ['audio/aac', 'audio/aacp', 'audio/x-aac', 'audio/x-hx-aac-adts'],
  ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus', 'audio/vorbis'],
  ['audio/flac', 'audio/x-flac'],
  ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  ['audio/aiff', 'audio/x-aiff'],
  ['video/matroska', 'audio/matroska', 'video/x-matroska', 'audio/x-matroska'],
  ['video/webm', 'audio/webm'],
  ['video/x-msvideo', 'video/avi', 'video/msvideo', 'video/vnd.avi'],
  ['video/x-ms-asf', 'video/x-ms-wmv', 'audio/x-ms-wma'],
  ['video/mp2t', 'video/mpeg'],
  ['image/heif', 'image/heic', 'image/avif'],
];

/** Whether a media type is one of those in use for media that is of the other type. */
export function isTypeFor(said: string, actual: string): boolean {
  return said === actual || FAMILIES.some((family) => family.includes(said) && family.includes(actual));
}
