import { expect, it } from '@jest/globals';
import { originForm } from './refusal.js';

it.each([
  ['/files/a?b', '/files/a?b'],
  ['http://host/files/a?b', '/files/a?b'],
  ['HTTPS://user@host:1/files/a', '/files/a'],
  ['http://host', '/'],
  ['http://host?x', '/?x'],
  ['//host/files', '//host/files'],
  ['*', '*'],
])('%s in origin form is %s (RFC 9112 §3.2)', (target, expected) => {
  expect(originForm(target)).toBe(expected);
});
