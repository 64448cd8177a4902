export { encodeSize, type Element, endOf } from './element.js';
export { readEndTime } from './end-time.js';
export { ID } from './ids.js';
export { inspectMatroska } from './inspect.js';
export { readChildFields, readSegment, type Info, type Segment } from './segment.js';
export { defaultDurations } from './tracks.js';
