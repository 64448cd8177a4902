import { expect, it } from '@jest/globals';
import { plain, quote, shortUrl } from './text.js';

it.each([
  ['\x1b[31mred\x1b[0m', ' [31mred [0m'],
  ['a\r\nb\tc', 'a b c'],
  ['\x9b2J', ' 2J'],
  ['gpj.\u202efilm', 'gpj. film'],
  ['Été – 夏の歌', 'Été – 夏の歌'],
])('prints %j so that it steers no terminal', (text, clean) => {
  expect(plain(text)).toBe(clean);
});

it('quotes what a server says, within reason', () => {
  expect(quote('text/html')).toBe('"text/html"');
  expect(quote('W/"1-2"')).toBe('W/"1-2"');
  expect(quote(undefined)).toBe('nothing');
  expect(quote('x'.repeat(1000))).toBe(`"${'x'.repeat(77)}..."`);
});

it('shows a URL without what a signed link carries', () => {
  expect(shortUrl(new URL('https://example.org/a%20b.mp4?X-Amz-Signature=1'))).toBe(
    'https://example.org/a%20b.mp4?...',
  );
});
