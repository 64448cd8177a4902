import { describe, expect, it } from '@jest/globals';
import { decode, isText } from './beginning.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('the encoding of a text', () => {
  it.each([
    ['UTF-8', utf8('Été 夏'), 'Été 夏', 'utf-8'],
    ['UTF-8 with a mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 'a', 'utf-8'],
    ['UTF-16, least significant byte first', Uint8Array.of(0xff, 0xfe, 0x4f, 0x59), '\u594f', 'utf-16le'],
    ['UTF-16, most significant byte first', Uint8Array.of(0xfe, 0xff, 0x59, 0x4f), '\u594f', 'utf-16be'],
    ['GB 18030', Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3), '你好', 'gb18030'],
    ['Windows-1252', Uint8Array.of(0x63, 0x61, 0x66, 0xe9), 'café', 'windows-1252'],
    // The two in its middle would be a Chinese character as well.
    ['German', Uint8Array.of(0x47, 0x72, 0xf6, 0xdf, 0x65), 'Größe', 'windows-1252'],
  ])('%s is found out', (_, bytes, text, encoding) => {
    expect(decode(bytes, false)).toEqual({ text, encoding });
  });

  it('is UTF-8 when a character is cut in two at the end of a piece', () => {
    const bytes = utf8('夏夏').slice(0, 5);
    expect(decode(bytes, true)).toEqual({ text: '夏', encoding: 'utf-8' });
  });
});

describe('what can be read', () => {
  it('is text, and not what has NUL or many control characters', () => {
    expect(isText('a\tb\r\n\f')).toBe(true);
    expect(isText('')).toBe(true);
    expect(isText('\u001b[1mbold\u001b[0m')).toBe(true);
    expect(isText('ab\0c')).toBe(false);
    expect(isText('\u0001\u0002abc')).toBe(false);
  });
});
