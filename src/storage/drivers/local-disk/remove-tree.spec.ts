import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeTree } from './remove-tree.js';

describe('removeTree', () => {
  let folder: string;
  const at = (name: string) => path.join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'playhead-test-'));
    await writeFile(at('kept'), 'kept');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('removes what is deeper than a path is long, and follows no link', async () => {
    const chain = `${'x'.repeat(200)}/`.repeat(12);
    for (let round = 0; round < 3; round++) {
      await mkdir(at(`new/${chain}`), { recursive: true });
      await writeFile(at(`new/${chain}file`), 'x');
      await symlink(folder, at(`new/${chain}link`));
      if (round > 0) await rename(at('deep'), at(`new/${chain}deep`));
      await rename(at('new'), at('deep'));
    }
    await expect(rm(at('deep'), { recursive: true })).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    await removeTree(at('deep'));
    expect(await readdir(folder)).toEqual(['kept']);
    expect(await readFile(at('kept'), 'utf8')).toBe('kept');
  });

  it('removes a file, and a link alone; nothing there is fine', async () => {
    await writeFile(at('file'), '');
    await symlink('kept', at('link'));
    for (const name of ['file', 'link', 'nothing']) await removeTree(at(name));
    expect(await readdir(folder)).toEqual(['kept']);
  });
});
