import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { digestOf, type DroppedNode, dropTree } from '../support/browser/drop-tree.js';
import { byRole, bySelector, type Page } from '../support/browser/page.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { UpLine } from '../support/up-line.js';

const MB = 1_000_000;
/** What a browser says of a line that was cut. */
/** What Chromium says when nobody has touched a page that asks before it is left. */
const UNTOUCHED = /Blocked attempt to show a 'beforeunload'/;
const CUT =
  /ERR_(CONNECTION|EMPTY|INCOMPLETE|SOCKET)|network connection was lost|NetworkError|status of 423|XMLHttpRequest cannot load/i;

describePages('uploads', ({ it }) => {
  let playhead: Playhead;
  let line: UpLine;
  let state: string;
  const at = (...names: string[]) => path.join(playhead.root, ...names);
  /** What the server keeps of uploads that are not complete: their bytes. One whose making was not heard of has none. */
  async function unfinished(): Promise<number[]> {
    const names = await readdir(path.join(state, 'uploads')).catch(() => []);
    const bytes = names.filter((name) => !name.endsWith('.json'));
    const sizes = bytes.map((name) => stat(path.join(state, 'uploads', name)).catch(() => ({ size: 0 })));
    return (await Promise.all(sizes)).map(({ size }) => size).filter((size) => size > 0);
  }
  /** Until what was on the way has arrived. */
  async function stillness(): Promise<void> {
    for (let before = -1; before !== line.up; await sleep(300)) before = line.up;
  }

  beforeAll(async () => {
    state = await mkdtemp(path.join(tmpdir(), 'playhead-state-'));
    playhead = await startPlayhead({ write: true, stateDir: state });
    line = await UpLine.to(playhead.port);
  });
  afterAll(async () => {
    line?.close();
    await playhead?.close();
    await rm(state, { recursive: true, force: true });
  });
  beforeEach(() => {
    line.bytesPerSecond = Infinity;
  });

  /** A folder of its own, shown. */
  async function openFolder(page: Page, name: string): Promise<void> {
    // Firefox now and then, about lists of its own.
    page.allowErrors(/RSLoader/);
    await mkdir(at(name), { recursive: true });
    await writeFile(at(name, 'here.txt'), 'x');
    await page.open(`${line.url}/browse/${name}`);
    await ready(page);
  }
  async function ready(page: Page): Promise<void> {
    await page.see(bySelector('a', { containing: 'here.txt' }));
    // What takes drops is loaded after the first view.
    await page.waitFor(`
      const event = new DragEvent('dragover', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items: [] } });
      return !document.querySelector('#main').dispatchEvent(event);
    `);
  }

  const size = 200 * MB;
  it(`sends a folder of ${size / MB} MB although the line is cut in the middle`, async (page) => {
    page.patience = 60_000;
    page.allowErrors(CUT);
    await openFolder(page, 'cut');
    const files = {
      'Holiday/film.bin': { size: size * 0.7, seed: 1 },
      'Holiday/day 1/片段.bin': { size: size * 0.2, seed: 2 },
      'Holiday/day 1/deep/c.bin': { size: size * 0.1, seed: 3 },
      'Holiday/empty.txt': { size: 0, seed: 0 },
    };
    const file = (place: keyof typeof files) => ({ name: path.basename(place), ...files[place] });
    line.cutAfter(size / 2);
    const before = line.up;
    await dropTree(page, [
      {
        name: 'Holiday',
        children: [
          file('Holiday/film.bin'),
          {
            name: 'day 1',
            children: [
              file('Holiday/day 1/片段.bin'),
              { name: 'deep', children: [file('Holiday/day 1/deep/c.bin')] },
              { name: 'nothing in it', children: [] },
            ],
          },
          file('Holiday/empty.txt'),
        ],
      },
    ]);
    await page.see(bySelector('.toast', { containing: '4 files uploaded to “cut”' }));
    expect(line.cuts).toBe(1);
    for (const [place, made] of Object.entries(files)) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(at('cut', place)), hash);
      expect([place, hash.digest('hex')]).toEqual([place, digestOf(made)]);
    }
    expect((await stat(at('cut/Holiday/day 1/nothing in it'))).isDirectory()).toBe(true);
    // What had arrived was not sent again; what was on the way was lost.
    expect(line.up - before).toBeLessThan(size + 16 * MB);
    expect(await unfinished()).toEqual([]);
    await page.waitUntilGone(byRole('region', 'Uploads'));
  }, 120_000);

  it('pauses, goes on, and cancels without leaving anything', async (page) => {
    await openFolder(page, 'pause');
    line.bytesPerSecond = 10 * MB;
    const start = line.up;
    const film = { name: 'film.bin', size: 25 * MB, seed: 4 };
    await dropTree(page, [film, { name: 'other.bin', size: 25 * MB, seed: 5 }]);
    await page.waitFor(`return document.querySelector('.panel progress')?.value > 5`);
    expect(await page.browser.run('return document.title')).toMatch(/^\d+% · /);
    await page.click(byRole('button', 'Pause all'));
    await page.see(byRole('button', 'Go on'));
    await stillness();
    expect(line.up).toBeLessThan(45 * MB + start);
    await page.click(byRole('button', 'Show the files'));
    await page.see(byRole('region', 'Files that are uploaded'));
    await expectAccessible(page);
    await page.click(byRole('button', 'Go on'));
    await page.click(byRole('button', 'Cancel other.bin'));
    line.bytesPerSecond = Infinity;
    await page.see(bySelector('.panel', { containing: '1 file uploaded' }));
    const digest = createHash('sha256').update(await readFile(at('pause/film.bin')));
    expect(digest.digest('hex')).toBe(digestOf(film));
    await expect(stat(at('pause/other.bin'))).rejects.toThrow();
    expect(await unfinished()).toEqual([]);
    expect(await page.browser.run('return document.title')).not.toContain('%');
    await page.click(byRole('button', 'Close', { within: byRole('region', 'Uploads') }));
    await page.waitUntilGone(byRole('region', 'Uploads'));
  });

  it('goes on after a reload when the same files are chosen again', async (page) => {
    page.allowErrors(UNTOUCHED);
    await openFolder(page, 'reload');
    const files: DroppedNode[] = [
      { name: 'small.txt', size: 1000, seed: 6 },
      { name: 'one.bin', size: 30 * MB, seed: 7 },
      { name: 'two.bin', size: 30 * MB, seed: 8 },
    ];
    const before = line.up;
    line.bytesPerSecond = 20 * MB;
    await dropTree(page, files);
    await page.waitFor(`return document.querySelector('.panel progress')?.value > 50`);
    const asks = `return !dispatchEvent(new Event('beforeunload', { cancelable: true }))`;
    expect(await page.browser.run(asks)).toBe(true);
    await page.reload();
    await ready(page);
    await page.see(bySelector('.interrupted', { containing: 'An upload was interrupted: 3 files' }));
    await expectAccessible(page);
    const kept = (await unfinished()).length;
    expect(kept).toBeGreaterThan(0);
    line.bytesPerSecond = Infinity;
    await dropTree(page, files);
    await page.see(bySelector('.toast', { containing: '3 files uploaded to “reload”' }));
    for (const [name, seed] of [
      ['one.bin', 7],
      ['two.bin', 8],
    ] as const) {
      const digest = createHash('sha256')
        .update(await readFile(at('reload', name)))
        .digest('hex');
      expect([name, digest]).toEqual([name, digestOf({ size: 30 * MB, seed })]);
    }
    expect(line.up - before).toBeLessThan(62 * MB);
    expect((await readdir(at('reload'))).sort()).toEqual(['here.txt', 'one.bin', 'small.txt', 'two.bin']);
    expect(await unfinished()).toEqual([]);
  });

  it('discards what a reload has interrupted', async (page) => {
    page.allowErrors(UNTOUCHED);
    await openFolder(page, 'discard');
    line.bytesPerSecond = 10 * MB;
    await dropTree(page, [{ name: 'one.bin', size: 30 * MB, seed: 9 }]);
    await page.waitFor(`return document.querySelector('.panel progress')?.value > 40`);
    await page.reload();
    await ready(page);
    line.bytesPerSecond = Infinity;
    await page.click(byRole('button', 'Discard'));
    await page.waitUntilGone('.interrupted');
    for (let tries = 0; tries < 50 && (await unfinished()).length > 0; tries++) await sleep(100);
    expect(await unfinished()).toEqual([]);
    expect(
      await page.browser.run(`return Object.keys(localStorage).filter((key) => key.includes('uploads'))`),
    ).toEqual([]);
  });

  it('asks about names that are taken, once for all', async (page) => {
    await openFolder(page, 'taken');
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await writeFile(at('taken', name), 'old');
    await page.viewport('phone');
    const names = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];
    await dropTree(
      page,
      names.map((name, index) => ({ name, size: 10, seed: 20 + index })),
    );
    const dialog = byRole('dialog', 'This name is taken');
    await page.see(dialog);
    await page.see(bySelector('.toast, .panel', { containing: '1', nth: 0 }));
    await expectAccessible(page);
    await page.click(byRole('button', 'Replace', { within: dialog }));
    await page.see(bySelector('dialog', { containing: 'b.txt' }));
    await page.click(byRole('checkbox', 'Do this for all others too'));
    await page.click(byRole('button', 'Keep both', { within: dialog }));
    await page.see(bySelector('.toast', { containing: '4 files uploaded' }));
    await page.viewport('desktop');
    const read = (name: string) => readFile(at('taken', name), 'latin1');
    expect(await read('a.txt')).not.toBe('old');
    expect(await read('b.txt')).toBe('old');
    expect(await read('c.txt')).toBe('old');
    expect((await readdir(at('taken'))).sort()).toHaveLength(7);
  });

  it('says why a file cannot be uploaded, and shows it on a phone', async (page) => {
    await openFolder(page, 'refused');
    await page.viewport('phone');
    await dropTree(page, [
      { name: `${'long'.repeat(70)}.bin`, size: 10, seed: 30 },
      { name: '<img src=x onerror=alert(1)>.txt', size: 10, seed: 31 },
    ]);
    await page.click(bySelector('.toast button', { containing: 'Show' }));
    await page.see(bySelector('.row.failed', { containing: 'Its name is too long' }));
    expect(await readdir(at('refused'))).toContain('<img src=x onerror=alert(1)>.txt');
    expect(await page.browser.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await expectAccessible(page);
    await page.viewport('desktop');
  });

  it('takes files from the menu and from the clipboard', async (page) => {
    await openFolder(page, 'chosen');
    await page.browser.run(`
      const transfer = new DataTransfer();
      transfer.items.add(new File(['picture'], 'image.png', { type: 'image/png' }));
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'clipboardData', { value: transfer });
      document.body.dispatchEvent(event);
    `);
    await page.see(bySelector('.toast', { containing: '1 file uploaded to “chosen”' }));
    expect(await readdir(at('chosen'))).toContainEqual(
      expect.stringMatching(/^Screenshot \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/),
    );
    // The window of the system in which files are chosen is nothing that a driver could use.
    await page.browser.run('HTMLInputElement.prototype.click = () => undefined');
    await page.click(byRole('button', 'Add'));
    await page.click(byRole('menuitem', 'Upload files…'));
    const source = path.join(state, 'chosen file.txt');
    await writeFile(source, 'chosen');
    await page.setFiles('input[type=file][multiple]', [source]);
    await page.see(bySelector('.row, .tile', { containing: 'chosen file.txt' }));
    expect(await readFile(at('chosen/chosen file.txt'), 'utf8')).toBe('chosen');
  });

  it('refuses where nothing may be written', async (page) => {
    page.allowErrors(/RSLoader/);
    const reading = await startPlayhead();
    try {
      await writeFile(path.join(reading.root, 'here.txt'), 'x');
      await page.open(`${reading.url}/browse`);
      await ready(page);
      await dropTree(page, [{ name: 'a.txt', size: 10, seed: 40 }]);
      await page.see(bySelector('.toast', { containing: 'You may not upload to this folder.' }));
      expect(await readdir(reading.root)).toEqual(['here.txt']);
    } finally {
      await reading.close();
    }
  });

  it('answers while it looks through 10,000 files', async (page) => {
    await openFolder(page, 'many');
    await page.browser.run(`
      window.longest = 0;
      let last = performance.now();
      const look = () => {
        window.longest = Math.max(window.longest, performance.now() - last);
        last = performance.now();
        setTimeout(look);
      };
      window.watch = () => { last = performance.now(); look(); };
    `);
    const children = Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}`, size: 1, seed: 1 }));
    line.bytesPerSecond = 10_000;
    await dropTree(page, [{ name: 'many', children }]);
    await page.browser.run('window.watch()');
    await page.click(byRole('button', 'Show the files'));
    await page.see(bySelector('.panel', { containing: 'Uploading 10,000 files' }));
    expect(await page.browser.run('return document.querySelectorAll(".panel .row").length')).toBeLessThan(40);
    await page.click(byRole('button', 'Cancel all'));
    await page.waitUntilGone(byRole('button', 'Cancel all'));
    expect(await page.browser.run('return window.longest')).toBeLessThan(1000);
  });
});
