import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MultipartError, parseParameters, readParts } from './index.js';

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let from = 0, index = 0; from < bytes.length; index++) {
    const to = from + sizes[index % sizes.length]!;
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(body: Buffer | string, sizes = [64], boundary = 'b'): Promise<string[]> {
  const parts: string[] = [];
  for await (const { headers, content } of readParts(
    inPieces(Buffer.from(body as string), sizes),
    boundary,
  )) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    parts.push(`${[...headers].join(';')}|${Buffer.concat(pieces).toString('latin1')}`);
  }
  return parts;
}

describe('readParts (RFC 2046 §5.1)', () => {
  it.each([
    ['two parts', '--b\r\nA: 1\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--', ['a,1|one', '|two']],
    ['nothing in them', '--b\r\n\r\n\r\n--b\r\nA:\r\n\r\n\r\n--b--\r\n', ['|', 'a,|']],
    ['preamble and epilogue', 'x\r\n\r\n--b\r\n\r\ny\r\n--b--\r\nz\r\n--b\r\n', ['|y']],
    ['blanks behind a boundary, folded lines', '--b \t\r\nA: 1\r\n\t2\r\n\r\nx\r\n--b--', ['a,1\r\n\t2|x']],
    [
      'what only looks like a boundary',
      '--b\r\n\r\n--b\r\r\n-\r\n--a\r\n--\r\n--b--',
      ['|--b\r\r\n-\r\n--a\r\n--'],
    ],
    ['no part', '--b--', []],
  ])('%s', async (_, body, parts) => {
    for (const size of [1, 2, 3, 5, 64]) expect(await read(body, [size])).toEqual(parts);
  });

  it.each([
    ['no end', '--b\r\n\r\none\r\n--', /breaks off/],
    ['no boundary', 'x\r\n', /breaks off/],
    ['nothing', '', /breaks off/],
    ['half a header', '--b\r\nA: 1\r\n', /breaks off/],
    ['a line that is no field', '--b\r\nA 1\r\n\r\n\r\n--b--', /no field/],
    ['a boundary in the content', '--b\r\n\r\none\r\n--bc\r\n\r\n--b--', /stands in the content/],
    ['a header without an end', `--b\r\nA: ${'1'.repeat(20_000)}`, /longer than 16384/],
    ['a header that is too long', `--b\r\nA: ${'1'.repeat(20_000)}\r\n\r\n\r\n--b--`, /longer than 16384/],
  ])('refuses %s', async (_, body, message) => {
    for (const size of [1, 64, 100_000])
      await expect(read(body, [size])).rejects.toThrow(
        expect.objectContaining({ message: expect.stringMatching(message) }),
      );
    await expect(read(body)).rejects.toThrow(MultipartError);
  });

  it('gives back any content, cut into any pieces', async () => {
    const content = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => b(byte)));
    const b = (byte: number) => [13, 10, 45, 98, 120][byte % 5]!; // CR LF - b x
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (contents, sizes) => {
          fc.pre(contents.every((bytes) => !`\r\n${Buffer.from(bytes).toString()}`.includes('\r\n--bx')));
          const parts = contents.map((bytes) =>
            Buffer.concat([Buffer.from('--bx\r\n\r\n'), bytes, Buffer.from('\r\n')]),
          );
          const body = Buffer.concat([...parts, Buffer.from('--bx--')]);
          expect(await read(body, sizes, 'bx')).toEqual(
            contents.map((bytes) => `|${Buffer.from(bytes).toString('latin1')}`),
          );
        },
      ),
    );
  });

  it('skips what is not read', async () => {
    const body = '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b\r\n\r\nthree\r\n--b--';
    let count = 0;
    for await (const { content } of readParts(inPieces(Buffer.from(body), [4]), 'b')) {
      count++;
      if (count === 2) for await (const _ of content) break;
    }
    expect(count).toBe(3);
  });

  it('reads no further than it is asked', async () => {
    const body = Buffer.concat([Buffer.from('--b\r\n\r\n'), Buffer.alloc(10_000, 'x')]);
    let taken = 0;
    async function* counted() {
      for await (const piece of inPieces(body, [100])) {
        taken++;
        yield piece;
      }
    }
    for await (const { content } of readParts(counted(), 'b')) {
      expect(taken).toBe(1);
      for await (const _ of content) break;
      expect(taken).toBeLessThanOrEqual(2);
      break;
    }
  });
});

describe('parseParameters', () => {
  it.each([
    ['form-data; name="f"; filename="a.txt"', { name: 'f', filename: 'a.txt' }],
    ['form-data;NAME=f ; filename = plain', { name: 'f', filename: 'plain' }],
    ['x; a="semi;colon, = and \\"quotes\\""; b=2', { a: 'semi;colon, = and "quotes"', b: '2' }],
    ['x; filename="C:\\dir\\a.txt"', { filename: 'C:\\dir\\a.txt' }],
    ["x; filename*=UTF-8''%C3%89; filename=E", { filename: 'É' }],
    ["x; filename=E; filename*=utf-8'fr'%C3%89", { filename: 'É' }],
    ["x; filename*=UTF-8''%FF", { filename: '\ufffd' }],
    ["x; filename*=ISO-8859-1''%E9", { filename: '\ufffd' }],
    ['x; a=1; "no name"; b=2', { a: '1' }],
    ['x; a="no end', { a: '' }],
    ['x', {}],
  ])('%s', (field, expected) => {
    expect(Object.fromEntries(parseParameters(field))).toEqual(expected);
  });
});
