export { parseAdtsHeader, type AdtsHeader } from './adts-header.js';
export { readAdts, type AdtsReport } from './read-adts.js';
