import { expect, it } from '@jest/globals';
import { attachment } from './content-disposition.js';

it.each([
  ['film.mp4', 'attachment; filename="film.mp4"'],
  ['a film.mp4', 'attachment; filename="a film.mp4"'],
  ['say "hi".mp4', 'attachment; filename="say _hi_.mp4"; filename*=UTF-8\'\'say%20%22hi%22.mp4'],
  ['back\\slash', 'attachment; filename="back_slash"; filename*=UTF-8\'\'back%5Cslash'],
  ['50%.mp4', 'attachment; filename="50_.mp4"; filename*=UTF-8\'\'50%25.mp4'],
  ['été.mp4', 'attachment; filename="_t_.mp4"; filename*=UTF-8\'\'%C3%A9t%C3%A9.mp4'],
  ["it's (1)*.mp4", 'attachment; filename="it\'s (1)*.mp4"'],
  ["ü's (1)*", "attachment; filename=\"_'s (1)*\"; filename*=UTF-8''%C3%BC%27s%20%281%29%2A"],
  ['夏🎬.mp4', 'attachment; filename="__.mp4"; filename*=UTF-8\'\'%E5%A4%8F%F0%9F%8E%AC.mp4'],
  [
    'a\r\nSet-Cookie: x',
    'attachment; filename="a__Set-Cookie: x"; filename*=UTF-8\'\'a%0D%0ASet-Cookie%3A%20x',
  ],
  ['lone \ud800', 'attachment; filename="lone _"; filename*=UTF-8\'\'lone%20%EF%BF%BD'],
])('names %j (RFC 6266, RFC 8187)', (name, field) => {
  expect(attachment(name)).toBe(field);
});
