import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../test/support/playhead.js';
import { writerOf } from '../storage/drivers/local-disk/temporary-name.js';
import { THIS_WRITER } from '../storage/drivers/local-disk/writer.js';
import { removeLeftovers } from './leftovers.js';
import { folderWorkplace } from './folder-workplace.js';

const MINUTE = 60_000;
const nameOf = (overrides: Partial<typeof THIS_WRITER>) => {
  const { host, pid, start, run } = { ...THIS_WRITER, ...overrides };
  return `.playhead-optimize-${host}-${pid}-${start}-${run}-1.tmp`;
};
const DEAD = nameOf({ run: '00000000' });
const ELSEWHERE = nameOf({ host: '00000000' });

describe('leftovers', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));
  const put = (...names: string[]) =>
    Promise.all(names.map((name) => writeFile(path.join(folder, name), 'bytes')));

  it('go when their writer has ended', async () => {
    await put(DEAD, 'film.mp4');
    expect(await removeLeftovers(folder)).toBe(1);
    expect(await readdir(folder)).toEqual(['film.mp4']);
  });

  it('stay while they are written', async () => {
    const temporary = await folderWorkplace(folder).createTemporary();
    expect(await removeLeftovers(folder, Date.now() + 1000 * MINUTE)).toBe(0);
    await temporary.end();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of another machine go by their age, and a modification time that was set back does not count', async () => {
    await put(ELSEWHERE);
    await utimes(path.join(folder, ELSEWHERE), 1, 1);
    expect(await removeLeftovers(folder, Date.now() + 9 * MINUTE)).toBe(0);
    expect(await removeLeftovers(folder, Date.now() + 11 * MINUTE)).toBe(1);
  });

  it('are files with exactly such a name', async () => {
    const similar = [
      DEAD.replace('optimize', 'write'),
      DEAD.slice(1),
      `${DEAD}.bak`,
      `x${DEAD}`,
      DEAD.replace('.tmp', '.mp4'),
      '.tmp',
    ];
    await put(...similar, 'target');
    await mkdir(path.join(folder, DEAD));
    await symlink('target', path.join(folder, nameOf({ run: '11111111' })));
    expect(await removeLeftovers(folder)).toBe(0);
    expect(await readdir(folder)).toHaveLength(similar.length + 3);
    expect(similar.map((name) => writerOf(name, 'optimize'))).toEqual(similar.map(() => undefined));
  });

  it('are looked for in no folder that is not there', async () => {
    expect(await removeLeftovers(path.join(folder, 'nothing'))).toBe(0);
  });
});
