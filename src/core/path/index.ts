export {
  baseName,
  encodeKey,
  InvalidPathError,
  isHidden,
  objectKey,
  ROOT_KEY,
  type ObjectKey,
} from './object-key.js';
