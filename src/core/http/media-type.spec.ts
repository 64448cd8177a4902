import { describe, expect, it } from '@jest/globals';
import { contentType, isActiveContent, isEmbeddable, mediaTypeOf } from './media-type.js';

describe('media types', () => {
  it.each([
    ['film.mp4', 'video/mp4'],
    ['FILM.MP4', 'video/mp4'],
    ['film.m4v', 'video/mp4'],
    ['film.mov', 'video/quicktime'],
    ['film.mkv', 'video/matroska'],
    ['film.webm', 'video/webm'],
    ['film.ogv', 'video/ogg'],
    ['film.ts', 'video/mp2t'],
    ['film.m2ts', 'video/mp2t'],
    ['film.avi', 'video/x-msvideo'],
    ['film.3gp', 'video/3gpp'],
    ['segment.m4s', 'video/iso.segment'],
    ['song.mp3', 'audio/mpeg'],
    ['song.m4a', 'audio/mp4'],
    ['song.m4b', 'audio/mp4'],
    ['song.aac', 'audio/aac'],
    ['song.ogg', 'audio/ogg'],
    ['song.oga', 'audio/ogg'],
    ['song.opus', 'audio/ogg'],
    ['song.flac', 'audio/flac'],
    ['song.wav', 'audio/wav'],
    ['song.weba', 'audio/webm'],
    ['song.mka', 'audio/matroska'],
    ['song.aiff', 'audio/aiff'],
    ['list.m3u8', 'application/vnd.apple.mpegurl'],
    ['list.m3u', 'audio/mpegurl'],
    ['list.mpd', 'application/dash+xml'],
    ['film.vtt', 'text/vtt'],
    ['film.srt', 'application/x-subrip'],
    ['photo.jpg', 'image/jpeg'],
    ['photo.avif', 'image/avif'],
    ['page.html', 'text/html'],
    ['drawing.svg', 'image/svg+xml'],
    ['paper.pdf', 'application/pdf'],
    ['all.zip', 'application/zip'],
    ['archive.tar.gz', 'application/gzip'],
    ['noextension', 'application/octet-stream'],
    ['mp4', 'application/octet-stream'],
    ['.mp4', 'video/mp4'],
    ['strange.xyzzy', 'application/octet-stream'],
    ['odd.', 'application/octet-stream'],
    ['odd.constructor', 'application/octet-stream'],
    ['odd.__proto__', 'application/octet-stream'],
  ])('%s is %s', (name, mediaType) => {
    expect(mediaTypeOf(name)).toBe(mediaType);
  });

  it('declares text UTF-8, and nothing else', () => {
    expect(contentType('text/vtt')).toBe('text/vtt; charset=utf-8');
    expect(contentType('video/mp4')).toBe('video/mp4');
    expect(contentType('application/x-subrip')).toBe('application/x-subrip');
  });

  it('knows what can run script, and what other pages embed', () => {
    for (const type of [
      'text/html',
      'image/svg+xml',
      'application/xml',
      'application/rss+xml',
      'text/javascript',
      'application/pdf',
      'message/rfc822',
      'application/x-never-heard-of',
    ]) {
      expect(isActiveContent(type)).toBe(true);
    }
    for (const type of [
      'video/mp4',
      'audio/ogg',
      'text/plain',
      'image/png',
      'application/octet-stream',
      'application/vnd.apple.mpegurl',
    ])
      expect(isActiveContent(type)).toBe(false);
    for (const type of ['video/mp4', 'audio/ogg', 'image/png', 'text/vtt'])
      expect(isEmbeddable(type)).toBe(true);
    for (const type of ['text/html', 'application/json', 'application/pdf'])
      expect(isEmbeddable(type)).toBe(false);
  });
});
