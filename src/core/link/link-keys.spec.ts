import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ObjectKey } from '../path/index.js';
import { LinkKeys } from './link-keys.js';
import { LINK_ID, type SignedLink } from './signed-link.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOW = 1_800_000_000;
const secret = randomBytes(32);
const keys = new LinkKeys([secret], ['alice', 'bob']);
const key = (path: string) => path as ObjectKey;

function link(changes: Partial<SignedLink> = {}): SignedLink {
  return {
    id: 'AAAABBBBCCCCDDDD',
    path: key('music/album'),
    maker: 'alice',
    expires: NOW + 60,
    download: false,
    recorded: true,
    ...changes,
  };
}

describe('a signed link', () => {
  it('comes back whole for its path and what is below it', () => {
    const token = keys.sign(link());
    expect(keys.verify(token, key('music/album'), NOW)).toEqual(link());
    expect(keys.verify(token, key('music/album/disc 1/song.mp3'), NOW)).toEqual(link());
  });

  it('is 84 letters that go into a URL as they are, and hold neither path nor name', () => {
    const token = keys.sign(link());
    expect(token).toMatch(/^[\w-]{84}$/);
    expect(token.slice(0, 16)).toMatch(LINK_ID);
    const bytes = Buffer.from(token, 'base64url').toString('latin1');
    for (const word of ['music', 'album', 'alice']) expect(bytes).not.toContain(word);
  });

  it('is signed by HMAC-SHA-256 over its canonical text', () => {
    const text = `playhead-link-1\nAAAABBBBCCCCDDDD\n${NOW + 60}\n2\nalice\nmusic/album`;
    const code = createHmac('sha256', secret).update(text).digest();
    expect(Buffer.from(keys.sign(link()), 'base64url').subarray(31)).toEqual(code);
  });

  it('of the root is for everything', () => {
    const token = keys.sign(link({ path: key('') }));
    expect(keys.verify(token, key(''), NOW)).toEqual(link({ path: key('') }));
    expect(keys.verify(token, key('a/b'), NOW)).toEqual(link({ path: key('') }));
  });

  it.each([
    ['above', 'music'],
    ['the root', ''],
    ['beside', 'music/other'],
    ['with the same beginning', 'music/album2'],
    ['in another letter case', 'music/Album'],
    ['in another normal form', 'musi\u0063\u0327/album'],
  ])('opens nothing %s', (_, path) => {
    expect(keys.verify(keys.sign(link()), key(path), NOW)).toBe('invalid');
  });

  it('opens nothing any more when any one character is another', () => {
    const token = keys.sign(link());
    for (let index = 0; index < token.length; index++) {
      for (const letter of ALPHABET.replace(token[index]!, '')) {
        const forged = token.slice(0, index) + letter + token.slice(index + 1);
        // The code covers everything: nothing about a changed token is believed, not even that it is too old.
        expect([index, letter, keys.verify(forged, key('music/album'), NOW)]).toEqual([
          index,
          letter,
          'invalid',
        ]);
      }
    }
  });

  it.each([
    '',
    'x',
    'A'.repeat(83),
    'A'.repeat(85),
    `${'A'.repeat(83)}=`,
    `${'A'.repeat(83)}\n`,
    'é'.repeat(84),
  ])('is none: %j', (token) => expect(keys.verify(token, key('music/album'), NOW)).toBe('invalid'));

  it.each([
    [NOW - 1, 'expired'],
    [NOW, 'expired'],
    [NOW + 1, 'live'],
    [2 ** 40 - 1, 'live'],
    [0, 'expired'],
  ])('that ends at %i is %s', (expires, outcome) => {
    const found = keys.verify(keys.sign(link({ expires })), key('music/album'), NOW);
    expect(found).toEqual(outcome === 'live' ? link({ expires }) : 'expired');
  });

  it.each([NaN, -1, 1.5, 2 ** 40])('cannot end at %d', (expires) => {
    expect(() => keys.sign(link({ expires }))).toThrow(RangeError);
  });

  it('cannot be for a path of more segments than fit', () => {
    const path = (segments: number) => key(Array<string>(segments).fill('a').join('/'));
    expect(keys.verify(keys.sign(link({ path: path(255) })), path(300), NOW)).toMatchObject({
      path: path(255),
    });
    expect(() => keys.sign(link({ path: path(256) }))).toThrow(RangeError);
  });

  it('tells the id of its record to who has the key', () => {
    const token = keys.sign(link());
    expect(keys.recordIdOf(token)).toBe(link().id);
    expect(new LinkKeys([randomBytes(32)], ['alice']).recordIdOf(token)).toBeUndefined();
    expect(new LinkKeys([secret], ['bob']).recordIdOf(token)).toBeUndefined();
    expect(keys.recordIdOf(keys.sign(link({ recorded: false })))).toBeUndefined();
    expect(keys.recordIdOf('A'.repeat(84))).toBeUndefined();
    expect(keys.recordIdOf('../../../../etc/passwd')).toBeUndefined();
  });

  it('keeps its flags', () => {
    for (const download of [false, true])
      for (const recorded of [false, true])
        expect(keys.verify(keys.sign(link({ download, recorded })), key('music/album'), NOW)).toMatchObject({
          download,
          recorded,
        });
  });

  it('is not that of another maker', () => {
    const token = keys.sign(link());
    expect(keys.verify(token, key('music/album'), NOW)).toMatchObject({ maker: 'alice' });
    expect(new LinkKeys([secret], ['bob']).verify(token, key('music/album'), NOW)).toBe('invalid');
  });
});

describe('keys', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)];

  it('that were put behind a new one still verify, and sign no more', () => {
    const before = new LinkKeys([old], ['alice']);
    const after = new LinkKeys([next, old], ['alice']);
    expect(after.verify(before.sign(link()), key('music/album'), NOW)).toEqual(link());
    expect(before.verify(after.sign(link()), key('music/album'), NOW)).toBe('invalid');
  });

  it('that were taken away verify nothing', () => {
    const token = new LinkKeys([old], ['alice']).sign(link());
    expect(new LinkKeys([next], ['alice']).verify(token, key('music/album'), NOW)).toBe('invalid');
  });

  it('do not verify under the id of another', () => {
    const bytes = Buffer.from(new LinkKeys([old], ['alice']).sign(link()), 'base64url');
    const other = Buffer.from(new LinkKeys([next], ['alice']).sign(link()), 'base64url');
    other.copy(bytes, 19, 19, 31);
    const both = new LinkKeys([next, old], ['alice']);
    expect(both.verify(bytes.toString('base64url'), key('music/album'), NOW)).toBe('invalid');
  });
});
