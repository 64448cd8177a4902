export { subtitleFormatOf, type SubtitleFormat } from './subtitle-format.js';
export { toWebVtt } from './to-webvtt.js';
