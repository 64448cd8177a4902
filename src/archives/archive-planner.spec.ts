import { describe, expect, it } from '@jest/globals';
import { AccessRules } from '../core/access/index.js';
import { objectKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { MemoryDriver } from '../storage/drivers/memory/memory-driver.js';
import type { ListedObject } from '../storage/storage-driver.js';
import { StorageError, type StorageErrorReason } from '../storage/storage-error.js';
import { ArchivePlanner } from './archive-planner.js';
import { MOST_MEMBERS } from './folder-walk.js';

const key = (path: string) => objectKey(path === '' ? [] : path.split('/'));
const path = (text: string) => ({ key: key(text), asFolder: false });
const waiting = new AbortController().signal;

/** A storage in which some files and folders are refused when they are opened or listed. */
class RefusingDriver extends MemoryDriver {
  constructor(private readonly refusals: Readonly<Record<string, StorageErrorReason>>) {
    super();
  }
  override open(key: ObjectKey) {
    const reason = this.refusals[key];
    return reason ? Promise.reject(new StorageError(reason)) : super.open(key);
  }
  override async *list(key: ObjectKey) {
    const reason = this.refusals[key];
    if (reason) throw new StorageError(reason);
    yield* super.list(key);
  }
}

/** A folder of as many files as asked for, or of folders within each other, which exist only while they are listed. */
class EndlessDriver extends MemoryDriver {
  listed = 0;
  constructor(
    private readonly files: number,
    private readonly depth = 0,
  ) {
    super();
    this.put(key('all/first'), new Uint8Array(0));
  }
  override open() {
    return super.open(key('all/first'));
  }
  override async *list(folder: ObjectKey) {
    const entry = (name: string, kind: ListedObject['kind']) => ({ name, kind, size: 0, lastModified: 0 });
    if (folder.split('/').length <= this.depth) yield [entry('deeper', 'folder')];
    for (let index = 0; index < this.files; index += 1000) {
      this.listed += 1000;
      yield Array.from({ length: 1000 }, (_, offset) => entry(`file ${index + offset}`, 'file'));
    }
  }
}

const ALL = new AccessRules([{ path: ROOT_KEY, permissions: ['read'] }]);

function plan(driver: MemoryDriver, folder: string, signal = waiting, entries: readonly string[] = []) {
  return new ArchivePlanner(driver).plan(path(folder), entries.map(path), ALL, signal);
}
function filled(driver: MemoryDriver) {
  for (const name of ['all/a.txt', 'all/b.txt', 'all/sub/c.txt']) driver.put(key(name), Buffer.from(name));
  return driver;
}
const namesOf = async (driver: MemoryDriver) =>
  (await plan(driver, 'all')).members.map(({ name }) => name).sort();

describe('the plan of an archive', () => {
  it.each([
    ['a file', 'all/b.txt'],
    ['a folder', 'all/sub'],
  ])('is refused when %s may not be read, and says which', async (_, denied) => {
    await expect(plan(filled(new RefusingDriver({ [denied]: 'denied' })), 'all')).rejects.toMatchObject({
      slug: 'forbidden',
      message: expect.stringContaining(`"${denied}"`),
    });
  });

  it('leaves out what vanishes while it is made', async () => {
    expect(await namesOf(filled(new RefusingDriver({ 'all/b.txt': 'missing' })))).toEqual([
      'all/',
      'all/a.txt',
      'all/sub/',
      'all/sub/c.txt',
    ]);
    expect(await namesOf(filled(new RefusingDriver({ 'all/sub': 'missing' })))).toEqual([
      'all/',
      'all/a.txt',
      'all/b.txt',
    ]);
  });

  it('is refused when the folder itself has vanished, or the storage does not answer', async () => {
    for (const [name, reason] of [
      ['all', 'missing'],
      ['all/a.txt', 'unavailable'],
    ] as const)
      await expect(plan(filled(new RefusingDriver({ [name]: reason })), 'all')).rejects.toMatchObject({
        reason,
      });
  });

  it('has as many members as are allowed', async () => {
    const { members } = await plan(new EndlessDriver(MOST_MEMBERS - 1000), 'all');
    expect(members).toHaveLength(MOST_MEMBERS - 999);
  });

  it('is refused as soon as there are more', async () => {
    const driver = new EndlessDriver(10 * MOST_MEMBERS);
    await expect(plan(driver, 'all')).rejects.toMatchObject({ slug: 'archive-too-large' });
    expect(driver.listed).toBe(MOST_MEMBERS);
  });

  it('is refused when folders are nested without end', async () => {
    expect((await plan(new EndlessDriver(0, 100), 'all')).members).toHaveLength(101);
    await expect(plan(new EndlessDriver(0, 101), 'all')).rejects.toMatchObject({ slug: 'archive-too-large' });
  });

  it('is given up when nobody waits for it', async () => {
    const driver = new EndlessDriver(10_000);
    const leave = new AbortController();
    const planned = plan(driver, 'all', leave.signal);
    leave.abort();
    await expect(planned).rejects.toMatchObject({ name: 'AbortError' });
    expect(driver.listed).toBeLessThanOrEqual(1000);
  });
});
