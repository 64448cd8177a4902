import { describe, expect, it } from '@jest/globals';
import { walk, type DroppedEntry, type Found } from './walk.ts';

const file = (name: string): DroppedEntry => ({
  name,
  isDirectory: false,
  file: (found) => found(new File(['x'], name)),
});

/** Tells its entries `some` at a time, as browsers do. */
function folder(name: string, entries: readonly DroppedEntry[], some = 2): DroppedEntry {
  return {
    name,
    isDirectory: true,
    createReader: () => {
      let at = 0;
      return { readEntries: (found) => found(entries.slice(at, (at += some))) };
    },
  };
}

async function all(entries: readonly DroppedEntry[]): Promise<string[]> {
  const found: Found[] = [];
  for await (const one of walk(entries)) found.push(one);
  return found.map(({ kind, path }) => `${kind} ${path}`);
}

describe('walk', () => {
  it('finds files depth first, and asks each folder until it has told everything', async () => {
    const tree = folder('a', [file('1'), folder('b', [file('2'), file('3'), file('4')]), file('5')]);
    expect(await all([tree, file('6')])).toEqual([
      'file a/1',
      'file a/b/2',
      'file a/b/3',
      'file a/b/4',
      'file a/5',
      'file 6',
    ]);
  });

  it('tells empty folders, but not those that only hold empty ones', async () => {
    expect(await all([folder('a', [folder('b', []), folder('c', [])])])).toEqual([
      'folder a/b',
      'folder a/c',
    ]);
  });

  it('tells what cannot be read, and goes on behind it', async () => {
    const broken: DroppedEntry = { name: 'x', isDirectory: false, file: (_, failed) => failed(new Error()) };
    const shut: DroppedEntry = {
      name: 'y',
      isDirectory: true,
      createReader: () => ({ readEntries: (_, failed) => failed(new Error()) }),
    };
    expect(await all([broken, shut, file('z')])).toEqual(['unreadable x', 'unreadable y', 'file z']);
  });

  it('takes 10,000 files one by one', async () => {
    const many = folder(
      'many',
      Array.from({ length: 10_000 }, (_, index) => file(`${index}`)),
      100,
    );
    let count = 0;
    for await (const { kind } of walk([many])) if (kind === 'file') count++;
    expect(count).toBe(10_000);
  });
});
