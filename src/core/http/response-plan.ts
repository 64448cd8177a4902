import { randomBytes } from 'node:crypto';
import {
  coalesceRanges,
  contentRange,
  resolveRanges,
  unsatisfiedContentRange,
  type ByteRange,
} from './byte-range.js';
import { contentType } from './media-type.js';
import { layOutByteranges, partOverhead, type BodyPart } from './multipart-byteranges.js';
import { evaluatePreconditions, ifRangeHolds } from './preconditions.js';
import type { Representation } from './representation.js';
import { representationHeaders, validatorHeaders, type Headers } from './representation-headers.js';
import type { RequestConditions } from './request-conditions.js';

/**
 * What to answer to a request for an existing representation. `full` and `partial` carry an exact Content-Length and
 * the parts that add up to it; a HEAD plans as its GET would, and its body is not sent.
 */
export type ResponsePlan =
  | {
      readonly kind: 'full' | 'partial';
      readonly status: 200 | 206;
      readonly headers: Headers;
      readonly body: readonly BodyPart[];
    }
  | { readonly kind: 'not-modified'; readonly status: 304; readonly headers: Headers }
  | { readonly kind: 'precondition-failed'; readonly status: 412; readonly headers: Headers }
  | { readonly kind: 'unsatisfiable'; readonly status: 416; readonly headers: Headers };

/**
 * Plans the answer: preconditions first, then If-Range, then Range (RFC 9110 §13.2.2). Pure but for the boundary.
 * @param now milliseconds since the epoch: the moment of the answer.
 */
export function planResponse(
  conditions: RequestConditions,
  representation: Representation,
  now: number,
  boundary: string = newBoundary(conditions),
): ResponsePlan {
  const { validators, source } = representation;
  switch (evaluatePreconditions(conditions, validators, now)) {
    case 'precondition-failed':
      return { kind: 'precondition-failed', status: 412, headers: {} };
    case 'not-modified':
      return { kind: 'not-modified', status: 304, headers: validatorHeaders(representation, now) };
    case 'proceed':
  }

  const headers = representationHeaders(representation, now);
  const ranges = selectRanges(conditions, representation, now, boundary);
  if (ranges === undefined) return withBody('full', headers, [{ offset: 0, length: source.size }]);
  if (ranges.length === 0) {
    return {
      kind: 'unsatisfiable',
      status: 416,
      headers: { 'Content-Range': unsatisfiedContentRange(source.size) },
    };
  }
  if (ranges.length === 1) {
    const range = ranges[0]!;
    return withBody('partial', { ...headers, 'Content-Range': contentRange(range, source.size) }, [range]);
  }
  const selected = { size: source.size, mediaType: contentType(representation.mediaType) };
  const multipart = { ...headers, 'Content-Type': `multipart/byteranges; boundary=${boundary}` };
  return withBody('partial', multipart, layOutByteranges(ranges, selected, boundary));
}

/** Only a request for several ranges can be answered in parts, and most ask for one. */
function newBoundary({ range }: RequestConditions): string {
  return range && range.length > 1 ? randomBytes(12).toString('hex') : '';
}

/** Undefined: send the whole. Empty: nothing asked for can be satisfied. */
function selectRanges(
  conditions: RequestConditions,
  representation: Representation,
  now: number,
  boundary: string,
): ByteRange[] | undefined {
  const { range } = conditions;
  if (range === undefined || !ifRangeHolds(conditions, representation.validators, now)) return undefined;
  const { size } = representation.source;
  // "The last N bytes" of nothing is satisfiable but has no Content-Range to say so with: the whole, all 0 bytes of it.
  if (size === 0 && range.some((spec) => 'suffix' in spec && spec.suffix > 0)) return undefined;
  const satisfiable = resolveRanges(range, size);
  if (satisfiable.length < 2) return satisfiable;
  return coalesceRanges(
    satisfiable,
    partOverhead({ size, mediaType: contentType(representation.mediaType) }, boundary),
  );
}

function withBody(kind: 'full' | 'partial', headers: Headers, body: readonly BodyPart[]): ResponsePlan {
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return {
    kind,
    status: kind === 'full' ? 200 : 206,
    headers: { ...headers, 'Content-Length': String(length) },
    body,
  };
}
