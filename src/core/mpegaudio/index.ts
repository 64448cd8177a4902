export { holdsFrames, type AudioFrame } from './first-frame.js';
export { locateFrames, type FrameExtent } from './frame-extent.js';
export { parseFrameHeader, type FrameHeader } from './frame-header.js';
export { sampleFrames, type FrameSamples } from './frame-samples.js';
export { scanFrames, type FrameScan } from './frame-scan.js';
export { decodeSeekHeader, type LameTag, type SeekHeader } from './seek-header.js';
export { skipLeadingTags } from './tags.js';
export { makeXingFrame } from './xing-frame.js';
export { areFramesPlausible, isSeekHeaderUsable } from './usable-header.js';
