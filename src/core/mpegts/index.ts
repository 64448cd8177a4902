export { readMpegTs, type MpegTsReport } from './read-mpegts.js';
