import { describe, expect, it } from '@jest/globals';
import { objectKey, ROOT_KEY } from '../path/index.js';
import { AccessRules } from './access-rules.js';
import { parseRules } from './parse-rule.js';
import type { Permission } from './permission.js';

const key = (path: string) => objectKey(path.split('/').filter((segment) => segment !== ''));
const rules = (own: string, everybody = '') =>
  new AccessRules(own ? parseRules(own) : [], everybody ? parseRules(everybody) : []);
const letters = (access: AccessRules, path: string) =>
  access
    .permissionsAt(key(path))
    .map((permission) => permission[0])
    .join('') || '-';

describe('AccessRules', () => {
  it.each([
    // own rules, rules about everybody, path, what may be done
    ['', '', '/a', '-'],
    ['/:r', '', '/', 'r'],
    ['/:r', '', '/a/b/c', 'r'],
    ['/:a', '', '/a', 'rwda'],
    ['/music:rw', '', '/music', 'rw'],
    ['/music:rw', '', '/music/a/b.mp3', 'rw'],
    ['/music:rw', '', '/music-private', '-'],
    ['/music:rw', '', '/musi', '-'],
    ['/music:rw', '', '/', '-'],
    ['/a/b:r', '', '/a', '-'],
    ['/a/b:r', '', '/a/b', 'r'],
    ['/a/b:r', '', '/a/bc', '-'],
    ['/a/b:r', '', '/x/a/b', '-'],
    // the longest path holds, alone, whatever the order
    ['/:rwd,/a:r,/a/b:w', '', '/a/x', 'r'],
    ['/a/b:w,/a:r,/:rwd', '', '/a/b/c', 'w'],
    ['/:rwd,/a:-', '', '/a/x', '-'],
    ['/:rwd,/a:-', '', '/b', 'rwd'],
    // everybody's rules hold where there is no own one
    ['', '/:r', '/a', 'r'],
    ['/music:w', '/:r', '/films', 'r'],
    // an own rule of the same or a longer path holds alone
    ['/music:w', '/:r', '/music/x', 'w'],
    ['/music:-', '/:rw', '/music/x', '-'],
    ['/:w', '/:r', '/x', 'w'],
    ['/a:-', '/a:r', '/a', '-'],
    // a longer rule about everybody adds, and takes nothing away
    ['/:rw', '/:r,/private:-', '/private/x', 'rw'],
    ['/:r', '/upload:w', '/upload/x', 'rw'],
    ['/:-', '/public:r', '/public/x', 'r'],
    ['/:-', '/public:r', '/x', '-'],
    ['/a:r,/a/b/c:-', '/a/b:w', '/a/b', 'rw'],
    ['/a:r,/a/b/c:-', '/a/b:w', '/a/b/c/d', '-'],
    // letter case and composition make no difference
    ['/Private:-,/:r', '', '/pRIVATE/x', '-'],
    [`/${'Été'.normalize('NFC')}:-,/:r`, '', `/${'été'.normalize('NFD')}/x`, '-'],
    ['/skip:-,/:r', '', '/\u017fKIP/x', '-'],
    ['/toString:r', '', '/constructor', '-'],
  ])('%s over %s allows at %s: %s', (own, everybody, path, allowed) => {
    expect(letters(rules(own, everybody), path)).toBe(allowed);
  });

  it.each<[string, Permission, string, boolean]>([
    ['/:rwd', 'delete', '/', true],
    ['/:rwd,/a/b:r', 'delete', '/', false],
    ['/:rwd,/a/b:r', 'delete', '/a', false],
    ['/:rwd,/a/b:r', 'read', '/a', true],
    ['/:rwd,/a/b:r', 'delete', '/A', false],
    ['/:rwd,/a/b:r', 'delete', '/a/c', true],
    ['/:rwd,/ab:r', 'delete', '/a', true],
    ['/a:rwd', 'delete', '/', false],
    ['/a:rwd', 'delete', '/a', true],
  ])('with %s, %s throughout %s: %s', (own, permission, path, allowed) => {
    expect(rules(own).mayThroughout(permission, key(path))).toBe(allowed);
  });

  it.each([
    ['/a/b:r', '/', true],
    ['/a/b:r', '/a', true],
    ['/a/b:r', '/A', true],
    ['/a/b:r', '/a/b', true],
    ['/a/b:r', '/a/b/c', true],
    ['/a/b:r', '/a/c', false],
    ['/a/b:r', '/b', false],
    ['/a/b:w', '/a', false],
    ['/:r,/a:-,/a/b/c:r', '/a/b', true],
    ['/:r,/a:-,/a/b/c:r', '/a/x', false],
    ['', '/', false],
  ])('with %s, shows %s: %s', (own, path, shown) => {
    expect(rules(own).sees(key(path))).toBe(shown);
  });

  it('knows what may be done anywhere', () => {
    const access = rules('/:r,/inbox:w');
    expect(access.mayAnywhere('write')).toBe(true);
    expect(access.mayAnywhere('delete')).toBe(false);
    expect(rules('/a:-').mayAnywhere('read')).toBe(false);
  });

  it('answers for a path of thousands of segments at once', () => {
    const access = rules('/a/b:r,/:-');
    const long = key('a/b/' + 'x/'.repeat(8000));
    const begun = performance.now();
    for (let round = 0; round < 20; round++) expect(access.may('read', long)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(500);
    expect(access.may('read', ROOT_KEY)).toBe(false);
  });
});

describe('rules as text', () => {
  it('reads several, with commas and colons in the paths', () => {
    expect(parseRules('/a, b/c:d:rw,/e/:-')).toEqual([
      { path: 'a, b/c:d', permissions: ['read', 'write'] },
      { path: 'e', permissions: [] },
    ]);
  });

  it.each([
    'music:rw',
    '/music',
    '/music:',
    '/music:x',
    '/music:rr',
    '/music:r-',
    '/a/../b:r',
    '/a//b:r',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseRules(text)).toThrow(/^expects /);
  });
});

describe('reading below one path', () => {
  it.each([
    // rules, what it is let in to, path, what may be done
    ['/:a', '/a/b', '/a/b', 'r'],
    ['/:a', '/a/b', '/a/b/c', 'r'],
    ['/:a', '/a/b', '/a', '-'],
    ['/:a', '/a/b', '/a/bc', '-'],
    ['/:a', '/', '/x', 'r'],
    ['/:w', '/a', '/a', '-'],
    ['/:r,/a/b:-', '/a', '/a/b/c', '-'],
    ['/:r,/a/b:-', '/a', '/a/c', 'r'],
    ['/:r,/a/b:-,/a/b/c:rw', '/a', '/a/b/c', 'r'],
    ['/:-,/a/b:r', '/a', '/a', '-'],
    ['/:-,/a/b:r', '/a', '/a/b', 'r'],
    ['/:r,/x:-', '/', '/x', '-'],
    ['/:-,/x:r', '/', '/y', '-'],
    ['/Straße:r', '/strasse', '/STRASSE/x', 'r'],
  ])('with %s at %s: %s is %s', (own, top, path, expected) => {
    expect(letters(rules(own).readingBelow(key(top)), path)).toBe(expected);
  });
});
