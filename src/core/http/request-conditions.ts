import { ProblemError } from '../problem/index.js';
import { isEntityTagList, parseEntityTag, parseEntityTagList, type EntityTag } from './entity-tag.js';
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

/**
 * Reads the conditions of a request that changes something. A reader gets the file when its condition is garbled; a
 * writer would overwrite what the condition was to protect, so here it is an error.
 * @throws ProblemError malformed-request
 */
export function demandConditions(
  method: string,
  headers: Headers,
): Pick<RequestConditions, 'ifMatch' | 'ifNoneMatch' | 'ifUnmodifiedSince'> {
  const { ifMatch, ifNoneMatch, ifUnmodifiedSince } = readConditions(method, headers);
  for (const name of ['if-match', 'if-none-match']) {
    if (parsed(headers[name], isEntityTagList) === false)
      throw malformed(name, 'a list of entity tags, or *');
  }
  if (headers['if-unmodified-since'] !== undefined && ifUnmodifiedSince === undefined) {
    throw malformed('if-unmodified-since', 'a date as HTTP writes it');
  }
  return { ifMatch, ifNoneMatch, ifUnmodifiedSince };
}

function malformed(name: string, expected: string): ProblemError {
  return new ProblemError('malformed-request', `The field ${name} is not ${expected}. Nothing was changed.`);
}

function parsed<T>(field: string | string[] | undefined, parse: (value: string) => T): T | undefined {
  if (field === undefined) return undefined;
  return parse(Array.isArray(field) ? field.join(', ') : field);
}

function parseIfRange(value: string): EntityTag | number | 'invalid' {
  return parseEntityTag(value) ?? parseHttpDate(value) ?? 'invalid';
}
