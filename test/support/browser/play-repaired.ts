import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySource } from '../../../src/core/bytes/index.js';
import { planRepairs, REPAIRS } from '../../../src/core/repairs/index.js';
import { makeFolder, startPlayhead, type Playhead } from '../playhead.js';
import { findProgram } from '../programs.js';
import { missingPrograms, openBrowser, type Browser, type Engine } from './engines.js';
import { probe, type PlayReport } from './play-probe.js';

export const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/** A file that needs a repair. */
export interface RepairCase {
  readonly name: string;
  /** How long it really is, in seconds. */
  readonly duration: number;
  /** Engines that happen to show that already of the file as it is. */
  readonly rightBefore?: readonly Engine[];
}

/**
 * Plays every case in every browser, as it is and repaired: the original shows a wrong duration, the repaired file the
 * right one, and seeks.
 *
 * @param make writes the files, by their names, into a folder
 */
export function describeRepaired(
  cases: readonly RepairCase[],
  make: (folder: string) => Promise<void>,
): void {
  const tools = findProgram(['ffmpeg']) ? [] : ['ffmpeg'];
  describe.each(ENGINES)('in %s', (engine) => {
    const missing = [...missingPrograms(engine), ...tools];
    if (missing.length > 0) {
      it.skip(`repaired files play (not installed: ${missing.join(', ')})`, () => undefined);
      return;
    }

    let folder: string;
    let playhead: Playhead;
    let browser: Browser;
    beforeAll(async () => {
      folder = await makeFolder();
      await writeFile(path.join(folder, 'page.txt'), 'a page');
      for (const name of ['original', 'repaired']) await mkdir(path.join(folder, name));
      await make(path.join(folder, 'original'));
      for (const { name } of cases) await repair(folder, name);
      playhead = await startPlayhead({ root: folder });
      browser = await openBrowser(engine);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await playhead?.close();
      await rm(folder, { recursive: true, force: true });
    }, 30_000);

    const play = (name: string, timeoutMs: number): Promise<PlayReport> =>
      probe(browser, {
        page: `${playhead.url}/files/page.txt`,
        src: `${playhead.url}/files/${name}`,
        tag: 'audio',
        timeoutMs,
      });

    it.each(cases)(
      '$name shows its duration and seeks when it is repaired',
      async ({ name, duration, rightBefore = [] }) => {
        const before = await play(`original/${name}`, 5000);
        if (!rightBefore.includes(engine))
          expect(Math.abs(Number(before.duration) - duration)).not.toBeLessThan(0.5);

        let after = await play(`repaired/${name}`, 20_000);
        // One more try: an engine may stall on a busy machine.
        if (!after.playedAfterSeek) after = await play(`repaired/${name}`, 20_000);
        expect(after).toMatchObject({ error: null, playRejected: null, played: true });
        expect(Math.abs(Number(after.duration) - duration)).toBeLessThan(0.5);
        expect(Math.abs(after.seekedTo! - after.seekTarget!)).toBeLessThan(1);
        expect(after.playedAfterSeek).toBe(true);
      },
      60_000,
    );
  });
}

async function repair(folder: string, name: string): Promise<void> {
  const source = new MemorySource(await readFile(path.join(folder, 'original', name)));
  const { map } = await planRepairs(source, REPAIRS);
  if (!map) throw new Error(`${name} needs no repair`);
  await writeFile(path.join(folder, 'repaired', name), await map.read(0, map.size));
}
