import { describe, expect, it } from '@jest/globals';
import { isDrawable, pictureType } from './picture-type.js';

const typeOf = (head: string) => pictureType(Buffer.from(head, 'latin1'));

describe('the type of a picture', () => {
  it.each([
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['GIF87a', 'image/gif'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
    ['II*\0', 'image/tiff'],
    ['MM\0+', 'image/tiff'],
    ['\0\0\0\x1cftypavif', 'image/avif'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'image/avif'],
  ])('%j is told by its signature', (head, type) => {
    expect(typeOf(head)).toBe(type);
    expect(isDrawable(type)).toBe(true);
  });

  it.each([
    '',
    '\xff\xd8',
    'plain text that is long enough for a signature',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '%PDF-1.7',
    'RIFF\x10\0\0\0WAVEfmt ',
    '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    '\0\0\0\x18ftypisom',
    'GIF88a',
    ' GIF89a',
  ])('%j is none that is drawn', (head) => expect(typeOf(head)).toBeUndefined());

  it('has no place for SVG and HEIC', () => {
    expect(['image/svg+xml', 'image/heic', 'image/bmp', 'text/plain'].filter(isDrawable)).toEqual([]);
  });
});
