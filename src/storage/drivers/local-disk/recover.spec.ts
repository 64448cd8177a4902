import { link, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../../test/support/playhead.js';
import { claimName } from './free-name.js';
import { Journal, type JournalEntry } from './journal.js';
import { NameLocks } from './name-locks.js';
import { PinnedFolder } from './pinned-folder.js';
import { recover } from './recover.js';
import { ServedFolder } from './served-folder.js';
import { StateFolder } from './state-folder.js';
import { Temporary } from './temporary.js';
import { THIS_WRITER } from './writer.js';

const MINUTE = 60_000;
const nameOf = (overrides: Partial<typeof THIS_WRITER>, number = 1) => {
  const { host, pid, start, run } = { ...THIS_WRITER, ...overrides };
  return `.playhead-write-${host}-${pid}-${start}-${run}-${number}.tmp`;
};
/** Of a process that had the id of this one before. */
const DEAD = nameOf({ run: '00000000' });
const ELSEWHERE = nameOf({ host: '00000000' });

describe('recovery', () => {
  let root: string;
  let context: Parameters<typeof recover>[0];
  const at = (name: string) => path.join(root, name);
  const place = (name: string) => ({ folder: root, name });
  /** An entry that a process which has ended has left. */
  const noted = async (entry: JournalEntry | string, name = DEAD) => {
    await mkdir(at('.playhead/journal'), { recursive: true });
    await writeFile(
      at(`.playhead/journal/${name}`),
      typeof entry === 'string' ? entry : JSON.stringify(entry),
    );
  };
  const left = async () => ({
    root: (await readdir(root)).filter((name) => name !== '.playhead').sort(),
    journal: await readdir(at('.playhead/journal')),
  });
  const pinned = () => PinnedFolder.open(root, () => undefined);

  beforeEach(async () => {
    root = await makeFolder();
    const served = new ServedFolder({ root, hidden: false });
    const state = new StateFolder(served);
    context = { served, state, journal: new Journal(state), locks: new NameLocks() };
  });
  afterEach(() => rm(root, { recursive: true }));

  it('removes what ended processes have left in the state folder, and nothing else', async () => {
    await mkdir(at('.playhead/tmp'), { recursive: true });
    await mkdir(at(`.playhead/tmp/${DEAD}/a/b`), { recursive: true });
    await mkdir(at('.playhead/uploads'));
    const others = ['film.mp4', nameOf({}), ELSEWHERE];
    for (const name of [nameOf({ run: '00000000' }, 2), ...others])
      await writeFile(at(`.playhead/tmp/${name}`), 'bytes');
    await writeFile(at(`.playhead/uploads/${DEAD}`), 'bytes');
    await writeFile(at(DEAD), 'bytes');
    expect(await recover(context)).toBe(2);
    expect((await readdir(at('.playhead/tmp'))).sort()).toEqual(others.sort());
    expect(await readdir(at('.playhead/uploads'))).toEqual([DEAD]);
    expect(await readFile(at(DEAD), 'utf8')).toBe('bytes');
  });

  it('goes by age where the process cannot be asked for', async () => {
    await mkdir(at('.playhead/tmp'), { recursive: true });
    await writeFile(at(`.playhead/tmp/${ELSEWHERE}`), 'bytes');
    await utimes(at(`.playhead/tmp/${ELSEWHERE}`), 1, 1);
    expect(await recover(context, Date.now() + 9 * MINUTE)).toBe(0);
    expect(await recover(context, Date.now() + 11 * MINUTE)).toBe(1);
  });

  it('removes temporary files where the journal says, if they are such', async () => {
    await writeFile(at(DEAD), 'bytes');
    await noted({ kind: 'temporary', at: place(DEAD) });
    expect(await recover(context)).toBe(1);
    await writeFile(at('film.mp4'), 'bytes');
    await noted({ kind: 'temporary', at: place('film.mp4') });
    expect(await recover(context)).toBe(0);
    expect(await left()).toEqual({ root: ['film.mp4'], journal: [] });
  });

  it('follows no journal out of the root, nor through a link', async () => {
    const outside = await makeFolder();
    await writeFile(path.join(outside, DEAD), 'bytes');
    await symlink(outside, at('link'));
    await noted({ kind: 'temporary', at: { folder: outside, name: DEAD } });
    await noted({ kind: 'temporary', at: { folder: at('link'), name: DEAD } }, nameOf({ run: '11111111' }));
    expect(await recover(context)).toBe(0);
    expect(await readdir(outside)).toEqual([DEAD]);
    await rm(outside, { recursive: true });
  });

  it('strikes out what was never done, or is not whole', async () => {
    await noted('{"kind":"temp', nameOf({ run: '11111111' }));
    await noted({ kind: 'temporary', at: { folder: at('gone'), name: DEAD } });
    expect(await recover(context)).toBe(0);
    expect(await left()).toEqual({ root: [], journal: [] });
  });

  it('leaves alone what this process is busy with', async () => {
    const folder = await pinned();
    const temporary = await Temporary.beside(context.journal, folder);
    await temporary.makeFile();
    expect(await recover(context, Date.now() + 1000 * MINUTE)).toBe(0);
    expect((await left()).root).toHaveLength(1);
    await temporary.end();
    expect(await left()).toEqual({ root: [], journal: [] });
    await folder.close();
  });

  it('finishes a move that had both names', async () => {
    await writeFile(at('old'), 'bytes');
    await link(at('old'), at('new'));
    await noted({ kind: 'move', from: place('old'), to: place('new') });
    expect(await recover(context)).toBe(1);
    expect(await left()).toEqual({ root: ['new'], journal: [] });
    expect(await readFile(at('new'), 'utf8')).toBe('bytes');
  });

  it.each([
    ['not begun', ['old']],
    ['over', ['new']],
    ['overtaken by another file of that name', ['old', 'new']],
  ])('leaves a move that was %s', async (_, names) => {
    for (const name of names) await writeFile(at(name), name);
    await noted({ kind: 'move', from: place('old'), to: place('new') });
    expect(await recover(context)).toBe(0);
    expect(await left()).toEqual({ root: names.sort(), journal: [] });
  });

  it('frees a name that was claimed, not a file that has it', async () => {
    const since = Date.now();
    for (const name of ['empty', 'full', 'older']) await writeFile(at(name), name === 'full' ? 'bytes' : '');
    await utimes(at('older'), since / 1000 - 60, since / 1000 - 60);
    for (const [index, name] of ['empty', 'full', 'older'].entries())
      await noted({ kind: 'claim', at: place(name), since }, nameOf({ run: '00000000' }, index));
    expect(await recover(context)).toBe(1);
    expect(await left()).toEqual({ root: ['full', 'older'], journal: [] });
  });

  it('lets one of two claim a name, on file systems without links', async () => {
    const folder = await pinned();
    await Promise.all(['a', 'b'].map((name) => writeFile(at(name), name)));
    const claims = ['a', 'b'].map((name) => claimName(context.journal, at(name), folder, 'film'));
    const results = await Promise.all(claims);
    expect(results.sort()).toEqual([false, true]);
    const { root: names, journal } = await left();
    expect([names.length, journal]).toEqual([2, []]);
    expect(names).toContain('film');
    await expect(claimName(context.journal, at('nothing'), folder, 'new')).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect((await left()).root).toEqual(names);
    await folder.close();
  });
});
