import { parseEntityTag, parseEntityTagList, type EntityTag } from './entity-tag.js';
import { parseRange, type RangeSpec } from './byte-range.js';
import { parseHttpDate } from './http-date.js';

/** The fields of a request that decide which form of a representation is sent, parsed (RFC 9110 §13.1, §14.2). */
export interface RequestConditions {
  readonly method: string;
  readonly ifMatch?: '*' | EntityTag[];
  readonly ifNoneMatch?: '*' | EntityTag[];
  /** Milliseconds since the epoch, as the other dates. Absent when the field holds no HTTP date: it is then ignored. */
  readonly ifModifiedSince?: number;
  readonly ifUnmodifiedSince?: number;
  /** `'invalid'` never holds, so the range is not honoured. */
  readonly ifRange?: EntityTag | number | 'invalid';
  /** Absent for any method but GET and for a header that is malformed or in another unit. */
  readonly range?: RangeSpec[];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Reads the conditional fields and Range into a value. Never throws, whatever the fields hold. */
export function readConditions(method: string, headers: Headers): RequestConditions {
  const field = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const parsed = <T>(name: string, parse: (value: string) => T | undefined) => {
    const value = field(name);
    return value === undefined ? undefined : parse(value);
  };
  const conditions = {
    method,
    ifMatch: parsed('if-match', parseEntityTagList),
    ifNoneMatch: parsed('if-none-match', parseEntityTagList),
    ifModifiedSince: parsed('if-modified-since', parseHttpDate),
    ifUnmodifiedSince: parsed('if-unmodified-since', parseHttpDate),
    ifRange: parsed('if-range', parseIfRange),
    // RFC 9110 §14.2: Range is defined for GET only, a server MUST ignore it otherwise.
    range: method === 'GET' ? parsed('range', parseRange) : undefined,
  };
  return Object.fromEntries(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  ) as unknown as RequestConditions;
}

function parseIfRange(value: string): EntityTag | number | 'invalid' {
  return parseEntityTag(value) ?? parseHttpDate(value) ?? 'invalid';
}
