import { describe, expect, it } from '@jest/globals';
import { decide, type Decision } from './conflicts.ts';

const always = () => true;

/** Answers one after the other, and remembers what was asked. */
function answers(...decisions: (Decision | undefined)[]) {
  const asked: [string, number][] = [];
  const ask = (item: string, left: number) => {
    asked.push([item, left]);
    return Promise.resolve(decisions.shift());
  };
  return { asked, ask };
}

describe('names that are taken', () => {
  it('are decided one by one', async () => {
    const { asked, ask } = answers(
      { choice: 'replace', all: false },
      { choice: 'skip', all: false },
      { choice: 'rename', all: false },
    );
    const decided = await decide(['a', 'b', 'c'], always, ask);
    expect([...decided]).toEqual([
      ['a', 'replace'],
      ['c', 'rename'],
    ]);
    expect(asked).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 0],
    ]);
  });

  it('are decided at once', async () => {
    const { asked, ask } = answers({ choice: 'skip', all: false }, { choice: 'rename', all: true });
    const decided = await decide(['a', 'b', 'c', 'd'], always, ask);
    expect([...decided.keys()]).toEqual(['b', 'c', 'd']);
    expect(asked).toHaveLength(2);
  });

  it('are skipped at once', async () => {
    const { asked, ask } = answers({ choice: 'skip', all: true });
    expect((await decide(['a', 'b'], always, ask)).size).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('are left when somebody thinks better of it', async () => {
    const { ask } = answers({ choice: 'rename', all: false }, undefined);
    expect([...(await decide(['a', 'b', 'c'], always, ask)).keys()]).toEqual(['a']);
  });

  it('are asked about again where nothing can be replaced', async () => {
    const { asked, ask } = answers({ choice: 'replace', all: true }, { choice: 'skip', all: false });
    const decided = await decide(['file', 'folder', 'other file'], (item) => item !== 'folder', ask);
    expect([...decided]).toEqual([
      ['file', 'replace'],
      ['other file', 'replace'],
    ]);
    expect(asked.map(([item]) => item)).toEqual(['file', 'folder']);
  });
});
