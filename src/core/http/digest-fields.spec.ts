import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatDigests, parseDigests, wantedDigest } from './digest-fields.js';

const sha256 = createHash('sha256').update('hello').digest();
const sha512 = createHash('sha512').update('hello').digest();
const short = `sha-256=:${sha256.toString('base64')}:`;
const long = `sha-512=:${sha512.toString('base64')}:`;
const parse = (value: string) =>
  Object.fromEntries(
    Object.entries(parseDigests('Content-Digest', value)).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString('hex'),
    ]),
  );

describe('Content-Digest and Repr-Digest (RFC 9530)', () => {
  it.each([
    ['one', short, { 'sha-256': sha256 }],
    ['two', `${short}, ${long}`, { 'sha-256': sha256, 'sha-512': sha512 }],
    ['with parameters and blanks', ` ${short};a=1 ,\t${long} `, { 'sha-256': sha256, 'sha-512': sha512 }],
    ['beside what nobody knows', `md5=:AA==:, x="y", z=(1 2);q, b, ${short}`, { 'sha-256': sha256 }],
    ['the last of two with one name', `sha-256=:${'A'.repeat(43)}=:, ${short}`, { 'sha-256': sha256 }],
    ['nothing', '', {}],
    ['unknown ones alone', 'adler=:AAAA:', {}],
  ])('reads %s', (_, value, expected) => {
    const hex = Object.fromEntries(
      Object.entries(expected).map(([name, bytes]) => [name, bytes.toString('hex')]),
    );
    expect(parse(value)).toEqual(hex);
  });

  it.each([
    ['base64 without colons', `sha-256=${sha256.toString('base64')}`],
    ['hexadecimal digits', `sha-256="${sha256.toString('hex')}"`],
    ['another length', 'sha-256=:AAAA:'],
    ['the other length', `sha-256=:${sha512.toString('base64')}:`],
    ['a truth value', 'sha-256'],
    ['a list', `sha-256=(:${sha256.toString('base64')}:)`],
    ['a comma at the end', `${short},`],
    ['no end', short.slice(0, -1)],
    ['capitals', short.replace('sha', 'SHA')],
    ['letters that are none of base64', 'sha-256=:*:'],
    ['no ASCII', 'sha-256=:ä:'],
  ])('refuses %s', (_, value) => {
    expect(() => parseDigests('Repr-Digest', value)).toThrow(/^The field Repr-Digest (?:needs|is no)/);
  });

  it('prints what it reads', () => {
    expect(formatDigests({ 'sha-512': sha512, 'sha-256': sha256 })).toBe(`${short}, ${long}`);
    expect(formatDigests({})).toBe('');
  });
});

describe('Want-Repr-Digest', () => {
  it.each([
    ['sha-256=1', 'sha-256'],
    ['sha-256=1, sha-512=10', 'sha-512'],
    ['sha-512=3, sha-256=3', 'sha-256'],
    ['md5=10, sha-512=1', 'sha-512'],
    ['sha-256=0', undefined],
    ['md5=1', undefined],
    ['', undefined],
  ])('%s: %s', (value, expected) => {
    expect(wantedDigest('Want-Repr-Digest', value)).toBe(expected);
  });

  it.each(['sha-256', 'sha-256=11', 'sha-256=-1', 'sha-256=1.5', 'sha-256="1"', 'sha-256=1,,sha-512=1'])(
    'refuses %s',
    (value) => {
      expect(() => wantedDigest('Want-Repr-Digest', value)).toThrow(/^The field Want-Repr-Digest/);
    },
  );
});
