import { describe, expect, it } from '@jest/globals';
import { Answer } from './answer.js';

const answer = (...fields: string[]) =>
  new Answer({ method: 'GET', fields: {}, keep: 0 }, 206, '1.1', fields, Buffer.alloc(0), 'complete', 0, 0);

describe('Answer', () => {
  it.each([
    ['bytes 0-1/10', { first: 0, last: 1, size: 10 }],
    ['Bytes 9-9/10', { first: 9, last: 9, size: 10 }],
    ['bytes 0-1/*', { first: 0, last: 1, size: undefined }],
    ['bytes */10', undefined],
    ['bytes 0-10/10', undefined],
    ['bytes 2-1/10', undefined],
    ['bytes=0-1/10', undefined],
    ['bytes 0-1', undefined],
    ['bytes 0-1/10, bytes 2-3/10', undefined],
    ['bytes 0-18446744073709551615/18446744073709551616', undefined],
  ])('reads Content-Range: %s', (value, range) => {
    expect(answer('Content-Range', value).range).toEqual(range);
  });

  it('joins fields of one name, whatever their case, and keeps values apart from names', () => {
    const fields = answer('Vary', 'Origin', 'X', 'vary', 'vary', 'Accept');
    expect(fields.field('VARY')).toBe('Origin, Accept');
    expect(fields.field('x')).toBe('vary');
    expect(fields.field('Origin')).toBeUndefined();
  });

  it.each([
    ['max-age=5, No-Store', true],
    ['private="no-store"', false],
    ['no-store-at-all', false],
  ])('finds a directive in Cache-Control: %s', (value, isThere) => {
    expect(answer('Cache-Control', value).cacheDirective('no-store')).toBe(isThere);
  });

  it.each([
    ['gzip', 'gzip'],
    ['identity', undefined],
    ['', undefined],
  ])('takes Content-Encoding %j for %j', (value, encoding) => {
    expect(answer('Content-Encoding', value).encoding).toBe(encoding);
  });
});
