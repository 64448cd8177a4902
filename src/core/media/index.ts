export type { Container } from './container.js';
export { inspectMedia } from './inspect-media.js';
export { streamingTypeOf } from './streaming-type.js';
export type { MediaReport } from './media-report.js';
export type {
  BoxExtent,
  BoxReport,
  FaststartReason,
  Problem,
  ProblemCode,
  Severity,
  TrackKind,
  TrackReport,
} from '../isobmff/index.js';
