export {
  BoundedReader,
  BudgetError,
  DEFAULT_BUDGET,
  type RandomAccess,
  type ReadBudget,
} from './bounded-reader.js';
export type { BoxHeader } from './box-header.js';
export { findBox, findBoxes, readBoxTree, type BoxNode, type BoxTree, type TreeFault } from './box-tree.js';
export { type ChildBox, childBoxes } from './child-boxes.js';
export { findTopLevelBox } from './find-box.js';
export { hasBrand, type Brands, readBrands } from './brands.js';
export { type BoxExtent, type FaststartReason, faststartOf, liesInside } from './faststart.js';
export { inspectIsoBmff, type BoxReport, type IsoBmffReport } from './inspect.js';
export { readLayout, type Layout } from './layout.js';
export { type Problem, problem, type ProblemCode, type Severity } from './problem.js';
export { parseAudioSpecificConfig } from './audio-specific-config.js';
export { videoCodecString } from './video-codec-string.js';
export { readMovie, type Movie } from './movie.js';
export { readMovieFragment, type TrackFragment } from './movie-fragment.js';
export { orNull, Payload, ShortBoxError } from './payload.js';
export { ChunkTable, type Chunk } from './chunk-table.js';
export { readDataReferences } from './data-reference.js';
export { LARGEST_MOOV } from './layout-problems.js';
export { plainTrack, type TrackFacts } from './plain-track.js';
export type { TrackReport } from './report.js';
export { payloadIn } from './sample-sizes.js';
export { isIsoBmff } from './signature.js';
export { VISUAL_ENTRY_FIELDS } from './sample-entry.js';
export type { Track, TrackKind } from './track.js';
