import { describe, expect, it } from '@jest/globals';
import { printM3u } from './m3u.js';

describe('an M3U playlist', () => {
  it('has a title and a duration in whole seconds before each URL', () => {
    const items = [
      { url: 'http://h/stream/a.mp3', title: 'A – Ä', duration: 61.6 },
      { url: 'http://h/stream/b.mp3', title: 'B', duration: undefined },
      { url: 'http://h/stream/c.mp3', title: 'C', duration: 0 },
    ];
    expect(printM3u('Album', items)).toBe(
      [
        '#EXTM3U',
        '#PLAYLIST:Album',
        '#EXTINF:62,A – Ä',
        'http://h/stream/a.mp3',
        '#EXTINF:-1,B',
        'http://h/stream/b.mp3',
        '#EXTINF:0,C',
        'http://h/stream/c.mp3',
        '',
      ].join('\n'),
    );
  });

  it.each(['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\v', '\f', '\0'])(
    'has no line that a name with %j would begin',
    (end) => {
      const name = `x${end}#EXTINF:1,y${end}http://evil.example/`;
      const text = printM3u(name, [{ url: 'http://h/a', title: name, duration: 1 }]);
      const lines = text.split(/[\n\r\u0085\u2028\u2029\v\f\0]/);
      expect(lines).toEqual([
        '#EXTM3U',
        '#PLAYLIST:x #EXTINF:1,y http://evil.example/',
        '#EXTINF:1,x #EXTINF:1,y http://evil.example/',
        'http://h/a',
        '',
      ]);
    },
  );
});
