export { readFlac, type FlacReport } from './read-flac.js';
export { parseStreamInfo, type FlacStreamInfo } from './stream-info.js';
