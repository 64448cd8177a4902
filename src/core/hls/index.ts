export type { HlsPlaylist, HlsVariant } from './playlist.js';
export { isPlaylist, readHls, type HlsReport } from './read-hls.js';
