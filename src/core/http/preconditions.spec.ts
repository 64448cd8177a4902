import { describe, expect, it } from '@jest/globals';
import { formatHttpDate } from './http-date.js';
import { evaluatePreconditions, ifRangeHolds } from './preconditions.js';
import { demandConditions, readConditions } from './request-conditions.js';

const MODIFIED = Date.UTC(2026, 0, 1, 12, 0, 0, 300);
const NOW = MODIFIED + 3_600_000;
const validators = { etag: { weak: false, opaque: 'v1' }, lastModified: MODIFIED };
const same = formatHttpDate(MODIFIED);
const before = formatHttpDate(MODIFIED - 1000);
const after = formatHttpDate(MODIFIED + 1000);

const evaluate = (headers: Record<string, string>, method = 'GET') =>
  evaluatePreconditions(readConditions(method, headers), validators, NOW);

describe('preconditions (RFC 9110 §13)', () => {
  it.each([
    ['nothing asked', {}, 'proceed'],
    // §13.1.1
    ['If-Match, equal', { 'if-match': '"v1"' }, 'proceed'],
    ['If-Match, in a list', { 'if-match': '"v0", "v1"' }, 'proceed'],
    ['If-Match, any', { 'if-match': '*' }, 'proceed'],
    ['If-Match, another', { 'if-match': '"v2"' }, 'precondition-failed'],
    ['If-Match, weak', { 'if-match': 'W/"v1"' }, 'precondition-failed'],
    ['If-Match, malformed', { 'if-match': 'v1' }, 'precondition-failed'],
    // §13.1.4
    ['If-Unmodified-Since, same', { 'if-unmodified-since': same }, 'proceed'],
    ['If-Unmodified-Since, later', { 'if-unmodified-since': after }, 'proceed'],
    ['If-Unmodified-Since, earlier', { 'if-unmodified-since': before }, 'precondition-failed'],
    ['If-Unmodified-Since, no date', { 'if-unmodified-since': '0' }, 'proceed'],
    // §13.1.2
    ['If-None-Match, equal', { 'if-none-match': '"v1"' }, 'not-modified'],
    ['If-None-Match, weak', { 'if-none-match': 'W/"v1"' }, 'not-modified'],
    ['If-None-Match, any', { 'if-none-match': '*' }, 'not-modified'],
    ['If-None-Match, another', { 'if-none-match': '"v2"' }, 'proceed'],
    // §13.1.3
    ['If-Modified-Since, same', { 'if-modified-since': same }, 'not-modified'],
    ['If-Modified-Since, later', { 'if-modified-since': after }, 'not-modified'],
    ['If-Modified-Since, earlier', { 'if-modified-since': before }, 'proceed'],
    ['If-Modified-Since, no date', { 'if-modified-since': 'yesterday' }, 'proceed'],
    // §13.2.2: the order
    [
      'a true If-Match switches If-Unmodified-Since off',
      { 'if-match': '"v1"', 'if-unmodified-since': before },
      'proceed',
    ],
    [
      'a false If-None-Match switches If-Modified-Since off',
      { 'if-none-match': '"v2"', 'if-modified-since': after },
      'proceed',
    ],
    ['If-Match before If-None-Match', { 'if-match': '"v2"', 'if-none-match': '"v1"' }, 'precondition-failed'],
    [
      'If-Unmodified-Since before If-None-Match',
      { 'if-unmodified-since': before, 'if-none-match': '"v1"' },
      'precondition-failed',
    ],
    ['both hold, then not modified', { 'if-match': '"v1"', 'if-none-match': '"v1"' }, 'not-modified'],
  ])('%s', (_, headers, result) => {
    expect(evaluate(headers as Record<string, string>)).toBe(result);
    expect(evaluate(headers as Record<string, string>, 'HEAD')).toBe(result);
  });

  it('answers a matching If-None-Match of another method by 412, and ignores its If-Modified-Since', () => {
    expect(evaluate({ 'if-none-match': '*' }, 'PUT')).toBe('precondition-failed');
    expect(evaluate({ 'if-modified-since': after }, 'PUT')).toBe('proceed');
  });
});

describe('conditions of who changes something', () => {
  it.each([
    [{ 'if-match': '"a", W/"b" ,' }],
    [{ 'if-match': ' * ' }],
    [{ 'if-none-match': ['"a"', '"b,c"'] }],
    [{ 'if-unmodified-since': same }],
    [{ 'if-modified-since': 'whenever' }],
    [{}],
  ])('%j are read as those of a reader', (headers) => {
    const { ifMatch, ifNoneMatch, ifUnmodifiedSince } = readConditions('PUT', headers);
    expect(demandConditions('PUT', headers)).toEqual({ ifMatch, ifNoneMatch, ifUnmodifiedSince });
  });

  it.each([
    ['if-match', 'a'],
    ['if-match', ''],
    ['if-match', ', ,'],
    ['if-match', '*, "a"'],
    ['if-none-match', '"a" "b"'],
    ['if-none-match', '"a", b'],
    ['if-none-match', 'w/"a"'],
    ['if-unmodified-since', '0'],
  ])('%s: %j is an error', (name, value) => {
    expect(() => demandConditions('PUT', { [name]: value })).toThrow(`The field ${name} is not`);
  });
});

describe('If-Range (RFC 9110 §13.1.5)', () => {
  const holds = (value: string, now = NOW, lastModified = MODIFIED) =>
    ifRangeHolds(
      readConditions('GET', { range: 'bytes=0-1', 'if-range': value }),
      { ...validators, lastModified },
      now,
    );

  it.each([
    ['"v1"', true],
    ['W/"v1"', false],
    ['"v2"', false],
    ['"v1", "v2"', false],
    ['*', false],
    ['v1', false],
    ['', false],
    [same, true],
    [before, false],
    [after, false], // "not older than" would splice a file replaced by an older one
  ])('%j: %p', (value, expected) => {
    expect(holds(value)).toBe(expected);
  });

  it('does not trust a date while its second lasts (§8.8.2.2)', () => {
    expect(holds(same, MODIFIED + 100)).toBe(false);
    expect(holds(same, MODIFIED + 700)).toBe(true);
  });

  it('never takes a time in the future for a validator', () => {
    const future = NOW + 60_000;
    expect(holds(formatHttpDate(future), NOW, future)).toBe(false);
    expect(holds(formatHttpDate(NOW), NOW, future)).toBe(false);
  });

  it('holds when it is not there', () => {
    expect(ifRangeHolds(readConditions('GET', {}), validators, NOW)).toBe(true);
  });
});
