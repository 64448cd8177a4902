import { describe, expect, it } from '@jest/globals';
import { parsePlaylist } from './playlist.js';

const parse = (...lines: string[]) => parsePlaylist(['#EXTM3U', ...lines].join('\n'), false);

describe('an HLS playlist', () => {
  it('of segments lasts as long as these together', () => {
    expect(parse('#EXTINF:4.5,a title', 'a.ts', '#EXTINF:2', 'b.ts', '#EXT-X-ENDLIST')).toMatchObject({
      kind: 'media',
      segments: 2,
      duration: 6.5,
      live: false,
    });
  });

  it('has attributes with commas in quotes, and lines that end in CR LF', () => {
    const line =
      '#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25\r';
    expect(parse(line, '# a remark', 'low/index.m3u8?a=b,c')).toMatchObject({
      kind: 'master',
      live: false,
      duration: null,
      variants: [
        {
          uri: 'low/index.m3u8?a=b,c',
          bandwidth: 1_280_000,
          codecs: 'avc1.4d401e,mp4a.40.2',
          width: 640,
          height: 360,
          frameRate: 25,
        },
      ],
    });
  });

  it.each([
    ['#EXT-X-KEY:METHOD=AES-128,URI="k"', true],
    ['#EXT-X-KEY:METHOD=NONE', false],
  ])('with %s', (line, encrypted) => {
    expect(parse(line)).toMatchObject({ encrypted });
  });

  it('lists 64 variants and no more', () => {
    const lines = Array.from({ length: 100 }).flatMap(() => ['#EXT-X-STREAM-INF:BANDWIDTH=1', 'v.m3u8']);
    expect(parse(...lines).variants).toHaveLength(64);
  });

  it('knows no end of what is cut off', () => {
    expect(parsePlaylist('#EXTM3U\n#EXTINF:4,\na.ts', true)).toMatchObject({ duration: null, live: false });
  });

  it.each(['A', 'A=', ',', 'A="', '",', '\n', '#EXT-X-STREAM-INF:A\n'])(
    'of a mebibyte of %j is read in no time',
    (part) => {
      const before = performance.now();
      parse(`#EXT-X-STREAM-INF:${part.repeat(2 ** 20 / part.length)}`);
      expect(performance.now() - before).toBeLessThan(1000);
    },
  );
});
