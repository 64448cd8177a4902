import { describe, expect, it } from '@jest/globals';
import { isOpenedByLinks, linkedTarget, linkPrefix, withoutTokens } from './linked-path.js';

describe('a request target', () => {
  it.each([
    ['/l/TOKEN/files/a/b.mp4?download', { token: 'TOKEN', target: '/files/a/b.mp4?download' }],
    ['/l/TOKEN/', { token: 'TOKEN', target: '/' }],
    ['/l/TOKEN', { token: 'TOKEN', target: '/' }],
    ['/l/TOKEN?a=/b', { token: 'TOKEN', target: '/?a=/b' }],
    ['/l/TOKEN/?a', { token: 'TOKEN', target: '/?a' }],
    ['/l/', { token: '', target: '/' }],
    ['/l//files/a', { token: '', target: '/files/a' }],
    ['/l/a%2Fb/files/l/x', { token: 'a%2Fb', target: '/files/l/x' }],
  ])('%s goes by a link', (target, parts) => {
    expect(linkedTarget(target)).toEqual(parts);
  });

  it.each(['/', '/files/l/x', '/L/TOKEN/files/a', '//l/TOKEN/files/a', '/lx/TOKEN'])(
    '%s does not',
    (target) => {
      expect(linkedTarget(target)).toBeUndefined();
    },
  );

  it('begins with the prefix of its link', () => {
    expect(linkedTarget(`${linkPrefix('TOKEN')}/files/x`)).toEqual({ token: 'TOKEN', target: '/files/x' });
  });

  it.each([
    ['/l/TOKEN/files/a', '/l/***/files/a'],
    ['http://host/l/TOKEN/files/a', 'http://host/l/***/files/a'],
    ['/l/TOKEN?x', '/l/***?x'],
    ['/l/TOKEN/l/TOKEN/x', '/l/***/l/***/x'],
    ['/files/film.mp4', '/files/film.mp4'],
  ])('%s is logged as %s', (target, logged) => {
    expect(withoutTokens(target)).toBe(logged);
  });
});

describe('a link', () => {
  it.each([
    '/files/a',
    '/files',
    '/stream/a?x',
    '/api/v1/entries',
    '/api/v1/entries?limit=1',
    '/api/v1/inspections/a',
    '/api/v1/archives/a',
    '/api/v1/playlists/a/playlist.m3u8',
    '/api/v1/subtitles/a.mp4',
    '/api/v1/webvtt/a.srt?offset=1',
    '/api/v1/link',
    '/',
    '/?x',
    '/browse',
    '/browse/a?x',
  ])('leads to %s', (target) => {
    expect(isOpenedByLinks(target)).toBe(true);
  });

  it.each([
    '//',
    '/browser',
    '/trash',
    '/links',
    '/login',
    '/assets/x.js',
    '/filesx',
    '/api/v1/session',
    '/api/v1/links',
    '/api/v1/events',
    '/api/v1/uploads/x',
    '/api/v1/trash',
    '/docs',
    '/l/T/files/a',
    '//files/a',
    '/metrics',
  ])('does not lead to %s', (target) => {
    expect(isOpenedByLinks(target)).toBe(false);
  });
});
