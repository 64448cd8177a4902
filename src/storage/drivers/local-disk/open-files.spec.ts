import { mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { descriptors } from '../../../../test/support/process-state.js';
import { OpenFiles } from './open-files.js';
import { openVerified } from './open-verified.js';

describe('files that nobody uses any more', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(await realpath(os.tmpdir()), 'playhead-test-'));
    for (const name of ['a', 'b']) {
      await writeFile(path.join(folder, name), name);
      await utimes(path.join(folder, name), 1, 1);
    }
    // Later than the last tick in which a change would not show.
    await new Promise((resolve) => setTimeout(resolve, 30));
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  });
  afterEach(async () => {
    jest.useRealTimers();
    await rm(folder, { recursive: true });
  });

  const open = () => descriptors(process.pid).filter((name) => name.startsWith(folder)).length;
  /** Closing takes a thread a moment. */
  const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it('close 300 ms after their last use at the latest, whatever else was used meanwhile', async () => {
    const files = new OpenFiles();
    const use = async (name: string) => {
      const file = path.join(folder, name);
      return files.add(file, (await openVerified(file))!);
    };
    const [a, b] = [await use('a'), await use('b')];
    a.release();
    jest.advanceTimersByTime(10);
    b.release();
    jest.advanceTimersByTime(239);
    await settled();
    expect(open()).toBe(2);
    jest.advanceTimersByTime(61);
    for (let turn = 0; turn < 1000 && open() > 0; turn++) await settled();
    expect(open()).toBe(0);
  });
});
