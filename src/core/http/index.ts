export {
  coalesceRanges,
  contentRange,
  parseRange,
  resolveRanges,
  type ByteRange,
  type RangeSpec,
} from './byte-range.js';
export { preferredCoding } from './content-coding.js';
export { attachment } from './content-disposition.js';
export {
  formatDigests,
  parseDigests,
  wantedDigest,
  type DigestAlgorithm,
  type Digests,
} from './digest-fields.js';
export { isBreak } from './broken-off.js';
export { formatEntityTag, parseEntityTag, parseEntityTagList, type EntityTag } from './entity-tag.js';
export { isHost, isValidHost } from './host-field.js';
export { formatHttpDate, parseHttpDate } from './http-date.js';
export { contentType, isActiveContent, isEmbeddable, mediaTypeOf } from './media-type.js';
export type { BodyPart } from './multipart-byteranges.js';
export { evaluatePreconditions, ifRangeHolds } from './preconditions.js';
export type { Representation } from './representation.js';
export type { Headers } from './representation-headers.js';
export { demandConditions, readConditions, type RequestConditions } from './request-conditions.js';
export { planResponse, type ResponsePlan } from './response-plan.js';
export { lastModifiedSecond, type Validators } from './validators.js';
