import { describe, expect, it } from '@jest/globals';
import { linkUrls } from './link-urls.ts';
import { qrPath } from './qr-path.ts';
import { isWithin } from './within.ts';

const ORIGIN = 'https://media.example';

describe('what is handed out', () => {
  it('of a film is the page, and how it plays best', () => {
    const film = {
      path: 'a b.mp4',
      kind: 'video',
      links: { self: '/api/v1/entries/a%20b.mp4', file: '/files/a%20b.mp4', stream: '/stream/a%20b.mp4' },
    };
    expect(linkUrls(film, ORIGIN, '/l/T', '/l/T')).toEqual({
      page: 'https://media.example/l/T',
      media: 'https://media.example/l/T/stream/a%20b.mp4',
      playlist: undefined,
    });
  });

  it('of a folder is a playlist too', () => {
    const folder = (path: string) => ({ path, kind: 'folder', links: { self: '' } });
    expect(linkUrls(folder('a b/c'), ORIGIN, '/l/T', '/l/T').playlist).toBe(
      'https://media.example/l/T/api/v1/playlists/a%20b/c/playlist.m3u8',
    );
    expect(linkUrls(folder(''), ORIGIN, '', '/browse')).toEqual({
      page: 'https://media.example/browse',
      media: undefined,
      playlist: 'https://media.example/api/v1/playlists/playlist.m3u8',
    });
  });
});

describe('a QR code as a path', () => {
  it('draws dark modules that lie side by side in one stroke', () => {
    expect(
      qrPath([
        [true, true, false],
        [false, false, true],
      ]),
    ).toBe('M0 0h2v1H0zM2 1h1v1H2z');
  });
});

describe('what a link to a folder opens', () => {
  it.each([
    ['a', 'a', true],
    ['a/b', 'a', true],
    ['ab', 'a', false],
    ['', 'a', false],
    ['x', '', true],
  ])('%j below %j: %s', (path, folder, isOpen) => expect(isWithin(path, folder)).toBe(isOpen));
});
