import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeAbandoned, removeStateFile, writeStateFile } from './write-state-file.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'playhead-state-'))));
afterEach(() => rm(folder, { recursive: true }));
const read = (name: string) => readFile(path.join(folder, name), 'utf8');

describe('a state file', () => {
  it('is for the account of the server alone, and takes the place of another', async () => {
    await writeFile(path.join(folder, 'x'), 'a longer text that was there', { mode: 0o644 });
    expect(await writeStateFile(folder, 'x', 'new')).toBe(true);
    expect(await read('x')).toBe('new');
    expect((await stat(path.join(folder, 'x'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('leaves another as it is when only a free name will do', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((text) => writeStateFile(folder, 'x', text, true)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await read('x')).toBe(['a', 'b', 'c'][made.indexOf(true)]);
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('leaves nothing behind when it cannot be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(writeStateFile(path.join(folder, 'file'), 'x', 'new')).rejects.toThrow();
    await expect(writeStateFile(folder, 'no/such', 'new')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('that a crash has left half is removed, and one that is just being written is not', async () => {
    for (const name of ['old.partial', 'new.partial', 'old']) await writeFile(path.join(folder, name), '');
    for (const name of ['old.partial', 'old']) await utimes(path.join(folder, name), 1, 1);
    await removeAbandoned(folder, await readdir(folder));
    expect((await readdir(folder)).sort()).toEqual(['new.partial', 'old']);
  });

  it('is removed once', async () => {
    await writeStateFile(folder, 'x', 'new');
    expect([await removeStateFile(folder, 'x'), await removeStateFile(folder, 'x')]).toEqual([true, false]);
  });
});
