export { freeBytes } from './free-bytes.js';
export { BlockPool } from './block-pool.js';
export type { ByteSource } from './byte-source.js';
export { MemorySource } from './memory-source.js';
export { readOneByOne, readVector } from './read-vector.js';
export { SegmentMap, type Extent } from './segment-map.js';
export { SegmentStream, SourceLengthError, type Segment } from './segment-stream.js';
