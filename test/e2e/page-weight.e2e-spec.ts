import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';

const PAGE = path.join(import.meta.dirname, '../../dist/page');

/** What has its place in code of its own, loaded when it is needed: text that only its code has. */
const LATER = {
  'the player': 'media-controller',
  'the highlighter': 'hljs',
  'the uploader': 'Tus-Resumable',
  Chinese: '正在加载',
};

describe('the first view of the page', () => {
  let scripts: readonly string[];
  beforeAll(async () => {
    const html = await readFile(path.join(PAGE, 'index.html'), 'utf8');
    scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name!);
  });

  it('takes one script, and one that fetches the folder meanwhile, of less than 90 KB, compressed', async () => {
    const sizes = await Promise.all(scripts.map(async (name) => (await compressed(name)).length));
    expect(sizes).toHaveLength(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(90_000);
  });

  it('has all that it imports named in the document, so that nothing is found out late', async () => {
    const all = await Promise.all(scripts.map(async (name) => text(name)));
    for (const code of all) {
      for (const [, name] of code.matchAll(/(?:\bimport|\bfrom)\s*"\.\/([^"]+\.js)"/g))
        expect(scripts).toContain(`assets/${name!}`);
    }
  });

  it.each(Object.entries(LATER))('leaves %s for later', async (_, sign) => {
    const all = await Promise.all(scripts.map((name) => text(name)));
    expect(all.filter((code) => code.includes(sign))).toEqual([]);
  });
});

/** Small files have no compressed form. */
function compressed(name: string): Promise<Buffer> {
  return readFile(path.join(PAGE, `${name}.br`)).catch(() => readFile(path.join(PAGE, name)));
}

async function text(name: string): Promise<string> {
  const bytes = await compressed(name);
  const plain = await readFile(path.join(PAGE, name));
  expect(bytes.length === plain.length ? bytes : brotliDecompressSync(bytes)).toEqual(plain);
  return plain.toString();
}
