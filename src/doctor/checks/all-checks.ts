import { type Check } from '../check.js';
import { acceptRangesMissing } from './accept-ranges-missing.js';
import { appleProbeCheck } from './apple-probe.js';
import { attachment } from './attachment.js';
import { certificate } from './certificate.js';
import { certificateUntrusted } from './certificate-untrusted.js';
import { codecs } from './codecs.js';
import { compressed } from './compressed.js';
import { compressedWhenOffered } from './compressed-when-offered.js';
import { connectionClose } from './connection-close.js';
import { connectionCut } from './connection-cut.js';
import { connectionPoisoned } from './connection-poisoned.js';
import { contentLengthMissing } from './content-length-missing.js';
import { contentLengthWrong } from './content-length-wrong.js';
import { contentRangeMissing } from './content-range-missing.js';
import { contentRangeSize } from './content-range-size.js';
import { contentRangeWrong } from './content-range-wrong.js';
import { contentType } from './content-type.js';
import { cors } from './cors.js';
import { corsCredentials } from './cors-credentials.js';
import { corsExposed } from './cors-exposed.js';
import { corsPreflight } from './cors-preflight.js';
import { corsVary } from './cors-vary.js';
import { etagMissing } from './etag-missing.js';
import { etagUnstable } from './etag-unstable.js';
import { etagWeak } from './etag-weak.js';
import { falseAcceptRanges } from './false-accept-ranges.js';
import { headDiffers } from './head-differs.js';
import { ifNoneMatch } from './if-none-match.js';
import { ifRangeIgnored } from './if-range-ignored.js';
import { ifRangeRefused } from './if-range-refused.js';
import { indexAtEnd } from './index-at-end.js';
import { lastModifiedMissing } from './last-modified-missing.js';
import { malformedRange } from './malformed-range.js';
import { mediaProblems } from './media-problems.js';
import { mediaUnread } from './media-unread.js';
import { mixedContent } from './mixed-content.js';
import { noRanges } from './no-ranges.js';
import { noStore } from './no-store.js';
import { notHttp } from './not-http.js';
import { openRangeCheck } from './open-range.js';
import { rangePastEnd } from './range-past-end.js';
import { redirect } from './redirect.js';
import { redirectRefused } from './redirect-refused.js';
import { resourcePolicy } from './resource-policy.js';
import { severalRanges } from './several-ranges.js';
import { slowFirstByte } from './slow-first-byte.js';
import { status } from './status.js';
import { suffixRange } from './suffix-range.js';
import { unknownMedia } from './unknown-media.js';
import { unreachable } from './unreachable.js';
import { unsatisfiableRange } from './unsatisfiable-range.js';
import { webPage } from './web-page.js';
import { wholeRange } from './whole-range.js';
import { wrongBytes } from './wrong-bytes.js';

/**
 * What is asked of every URL, in this order: what nothing else can be looked at without comes first, then what breaks
 * playing, then the rest. A new check is one file and one line here.
 */
export const ALL_CHECKS: readonly Check[] = [
  unreachable,
  certificate,
  notHttp,
  redirectRefused,
  status,
  certificateUntrusted,
  redirect,
  webPage,
  compressed,
  contentRangeMissing,
  contentRangeWrong,
  contentRangeSize,
  falseAcceptRanges,
  noRanges,
  appleProbeCheck,
  openRangeCheck,
  wholeRange,
  wrongBytes,
  contentLengthMissing,
  contentLengthWrong,
  connectionPoisoned,
  connectionCut,
  indexAtEnd,
  mediaProblems,
  mediaUnread,
  unknownMedia,
  codecs,
  contentType,
  acceptRangesMissing,
  suffixRange,
  rangePastEnd,
  unsatisfiableRange,
  malformedRange,
  severalRanges,
  headDiffers,
  etagMissing,
  etagUnstable,
  etagWeak,
  lastModifiedMissing,
  ifRangeRefused,
  ifRangeIgnored,
  ifNoneMatch,
  noStore,
  compressedWhenOffered,
  attachment,
  resourcePolicy,
  cors,
  corsCredentials,
  corsVary,
  corsExposed,
  corsPreflight,
  mixedContent,
  connectionClose,
  slowFirstByte,
];
