export { parseParameters } from './parameters.js';
export { MultipartError, readParts, type Part } from './read-parts.js';
