import { parseEntityTag, parseEntityTagList, type EntityTag } from './entity-tag.js';
import { parseRange, type RangeSpec } from './byte-range.js';
import { parseHttpDate } from './http-date.js';

/** The fields of a request that decide which form of a representation is sent, parsed (RFC 9110 §13.1, §14.2). */
export interface RequestConditions {
  readonly method: string;
  readonly ifMatch?: '*' | EntityTag[] | undefined;
  readonly ifNoneMatch?: '*' | EntityTag[] | undefined;
  /** Milliseconds since the epoch, as the other dates. Absent when the field holds no HTTP date: it is then ignored. */
  readonly ifModifiedSince?: number | undefined;
  readonly ifUnmodifiedSince?: number | undefined;
  /** `'invalid'` never holds, so the range is not honoured. */
  readonly ifRange?: EntityTag | number | 'invalid' | undefined;
  /** Absent for any method but GET and for a header that is malformed or in another unit. */
  readonly range?: RangeSpec[] | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Reads the conditional fields and Range into a value. Never throws, whatever the fields hold. */
export function readConditions(method: string, headers: Headers): RequestConditions {
  return {
    method,
    ifMatch: parsed(headers['if-match'], parseEntityTagList),
    ifNoneMatch: parsed(headers['if-none-match'], parseEntityTagList),
    ifModifiedSince: parsed(headers['if-modified-since'], parseHttpDate),
    ifUnmodifiedSince: parsed(headers['if-unmodified-since'], parseHttpDate),
    ifRange: parsed(headers['if-range'], parseIfRange),
    // RFC 9110 §14.2: Range is defined for GET only, a server MUST ignore it otherwise.
    range: method === 'GET' ? parsed(headers.range, parseRange) : undefined,
  };
}

function parsed<T>(field: string | string[] | undefined, parse: (value: string) => T): T | undefined {
  if (field === undefined) return undefined;
  return parse(Array.isArray(field) ? field.join(', ') : field);
}

function parseIfRange(value: string): EntityTag | number | 'invalid' {
  return parseEntityTag(value) ?? parseHttpDate(value) ?? 'invalid';
}
