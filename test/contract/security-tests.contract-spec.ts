import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = path.join(import.meta.dirname, '../..');
const text = await readFile(path.join(ROOT, 'docs/security-tests.md'), 'utf8');

/** Of each attack, the tests that its last cell names. */
const rows = text
  .split('\n')
  .filter((line) => /^\| (?!attack \||-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, attack = '', , , tests = '']) => ({ attack, tests: tests.split('; `').map(toTest) }));

function toTest(cell: string) {
  const [, file = '', name = ''] = /^`?([^`]+)` › (.+)$/.exec(cell) ?? [];
  return { file, name };
}

describe('the table of attacks', () => {
  it('has rows', () => expect(rows.length).toBeGreaterThan(40));

  it.each(rows)('names tests that there are: $attack', async ({ tests }) => {
    for (const { file, name } of tests) {
      expect({ file, name }).toEqual({
        file: expect.stringMatching(/spec\.ts$/),
        name: expect.stringMatching(/./),
      });
      const source = await readFile(path.join(ROOT, file), 'utf8');
      const titles = ["'", '"', '`'].map((quote) => quote + name.replaceAll("'", "\\'") + quote);
      expect({ file, name, isThere: titles.some((title) => source.includes(title)) }).toMatchObject({
        isThere: true,
      });
    }
  });
});
