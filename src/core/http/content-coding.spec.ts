import { describe, expect, it } from '@jest/globals';
import { preferredCoding } from './content-coding.js';

const OFFERED = ['br', 'gzip'] as const;

describe('Accept-Encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['X-GZIP', 'gzip'],
    ['BR;Q=1', 'br'],
    ['br;q=0.5, gzip;q=0.501', 'gzip'],
    ['br ; q=0.9 , gzip;q=0.8', 'br'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['*', 'br'],
    ['*;q=0.5, gzip', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*;q=0', 'identity'],
    ['identity', 'identity'],
    ['identity;q=1, br;q=0.5', 'identity'],
    ['identity, br', 'br'],
    ['identity;q=0', 'identity'],
    ['deflate, zstd', 'identity'],
    ['br;q=2', 'identity'],
    ['br;q=0.1234', 'identity'],
    ['br;level=4', 'identity'],
    ['brx, xbr', 'identity'],
    [',,;q=1, gzip', 'gzip'],
  ])('%j asks for %s', (field, coding) => expect(preferredCoding(field, OFFERED)).toBe(coding));

  it('asks for nothing that is not offered', () => {
    expect(preferredCoding('br, gzip;q=0.1', ['gzip'])).toBe('gzip');
    expect(preferredCoding('br, gzip, *', [])).toBe('identity');
  });
});
