import { attachment } from './content-disposition.js';
import { formatEntityTag } from './entity-tag.js';
import { formatHttpDate } from './http-date.js';
import { contentType, isActiveContent, isEmbeddable } from './media-type.js';
import type { Representation } from './representation.js';
import { lastModifiedSecond, type Validators } from './validators.js';

export type Headers = Readonly<Record<string, string>>;
type Described = Omit<Representation, 'source' | 'close'>;

/**
 * Caches may keep the bytes but ask before each use, since a file can change at any time. Never `no-store`:
 * Chromium then stops sending If-Range. `no-transform` keeps proxies from compressing media.
 */
const CACHE_CONTROL = 'no-cache, no-transform';

/** A stored page may look as it likes, but runs no script and has no origin. */
const SANDBOX =
  "default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'unsafe-inline'; sandbox";

/** The fields a 304 shares with the 200 it stands for (RFC 9110 §15.4.5). */
export function validatorHeaders(representation: Described, now: number): Headers {
  const lastModified = lastModifiedSecond(representation.validators, now);
  return {
    ETag: formatEntityTag(representation.validators.etag),
    'Last-Modified': formatHttpDate(lastModified),
    'Cache-Control': CACHE_CONTROL,
    // Node's own Date may lag behind by a moment, and Last-Modified must not lie after it (RFC 9110 §8.8.2.1).
    ...(now - lastModified < 5000 && { Date: formatHttpDate(now) }),
  };
}

/** The fields of a version that was described before: as long as it is open, it is asked for again and again. */
const DESCRIBED = new WeakMap<Validators, { readonly of: Described; readonly headers: Headers }>();

/** The fields of a 200 or 206 that describe the bytes and how a browser may use them. */
export function representationHeaders(representation: Described, now: number): Headers {
  const { mediaType, fileName, validators, asAttachment } = representation;
  const kept = DESCRIBED.get(validators);
  if (
    kept?.of.mediaType === mediaType &&
    kept.of.fileName === fileName &&
    kept.of.asAttachment === asAttachment
  )
    return kept.headers;
  const headers = {
    ...validatorHeaders(representation, now),
    'Content-Type': contentType(mediaType),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': isEmbeddable(mediaType) ? 'cross-origin' : 'same-origin',
    ...(isActiveContent(mediaType) && { 'Content-Security-Policy': SANDBOX }),
    ...(asAttachment && { 'Content-Disposition': attachment(fileName) }),
  };
  if (!('Date' in headers))
    DESCRIBED.set(validators, { of: { mediaType, fileName, validators, asAttachment }, headers });
  return headers;
}
