export { numberedName } from './numbered-name.js';
export {
  baseName,
  encodeKey,
  InvalidPathError,
  isHidden,
  objectKey,
  parentKey,
  ROOT_KEY,
  type ObjectKey,
} from './object-key.js';
export { keyFromPath } from './path-text.js';
export { requestedPath, type RequestedPath } from './requested-path.js';
