export { readOgg, type OggReport } from './read-ogg.js';
