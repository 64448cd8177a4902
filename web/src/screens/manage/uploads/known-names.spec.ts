import { describe, expect, it } from '@jest/globals';
import { KnownNames, type Standing } from './known-names.ts';

const folder: Standing = { isFolder: true };
const file: Standing = { isFolder: false, size: 5 };

function known(folders: Record<string, Record<string, Standing> | undefined>, root = 'films') {
  const asked: string[] = [];
  const names = new KnownNames(root, async (path) => {
    asked.push(path);
    const entries = folders[path];
    return entries && new Map(Object.entries(entries));
  });
  return { names, asked };
}

describe('KnownNames', () => {
  it('asks for each folder once', async () => {
    const { names, asked } = known({ films: { a: folder, 'x.mp4': file }, 'films/a': { 'y.mp4': file } });
    expect(
      await Promise.all(['films/x.mp4', 'films/z.mp4', 'films/a/y.mp4'].map((path) => names.at(path))),
    ).toEqual([file, undefined, file]);
    expect(asked).toEqual(['films', 'films/a']);
  });

  it('never asks for what is not there', async () => {
    const { names, asked } = known({ films: { 'x.mp4': file } });
    expect(await names.at('films/new/deep/y.mp4')).toBeUndefined();
    expect(await names.at('films/x.mp4/y.mp4')).toBeUndefined();
    expect(asked).toEqual(['films']);
  });

  it('asks below what it cannot know', async () => {
    const { names, asked } = known({ films: undefined, 'films/a': { 'y.mp4': file } });
    expect(await names.at('films/a/y.mp4')).toEqual(file);
    expect(asked).toEqual(['films', 'films/a']);
  });

  it('begins at the served folder too', async () => {
    const { names } = known({ '': { a: folder }, a: { b: file } }, '');
    expect(await names.at('a/b')).toEqual(file);
  });
});
