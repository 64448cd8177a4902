import { afterAll, beforeAll, expect } from '@jest/globals';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { layoutShifts } from '../support/browser/layout-shifts.js';
import { byRole, bySelector, type Page } from '../support/browser/page.js';
import { type Playhead, startPlayhead } from '../support/playhead.js';
import { user } from '../support/users.js';

const MANY = 100_000;
const HOSTILE = {
  markup: '<img src=x onerror=alert(1)>.txt',
  rightToLeft: 'سلام دنیا.txt',
  emoji: '😀 and more.txt',
  newline: 'two\nlines.txt',
  override: 'evil\u202egpj.exe',
  long: `${'long '.repeat(45)}.txt`,
};

let server: Playhead;
beforeAll(async () => {
  server = await startPlayhead({ hidden: true });
  const { root } = server;
  const folders = [
    'empty',
    'names',
    'many',
    'some',
    'mixed',
    'one/two/three of a name that is rather long/four/five',
  ];
  await Promise.all(folders.map((name) => mkdir(path.join(root, name), { recursive: true })));
  for (const name of Object.values(HOSTILE)) await writeFile(path.join(root, 'names', name), 'x');
  await writeFile(path.join(root, 'mixed/.hidden.txt'), 'x');
  for (const [name, size] of [
    ['apple.txt', 30],
    ['banana.txt', 20],
    ['cherry.txt', 10],
    ['Ähre.txt', 5],
  ] as const)
    await writeFile(path.join(root, 'mixed', name), 'x'.repeat(size));
  await mkdir(path.join(root, 'mixed/drawer'));
  await writeFile(path.join(root, 'mixed/drawer/inside.txt'), 'x');
  await cp('samples/video', path.join(root, 'video'), { recursive: true });
  for (let index = 0; index < 3000; index++)
    closeSync(openSync(path.join(root, 'some', `file ${index}.bin`), 'w'));
  for (let index = 0; index < MANY; index++)
    closeSync(openSync(path.join(root, 'many', `file ${index}.bin`), 'w'));
}, 120_000);
afterAll(() => server.close(), 60_000);

const row = (name: string) => bySelector('[data-index]', { containing: name });
const crumb = (name: string | RegExp) => byRole('link', name, { within: byRole('navigation', 'Folders') });
/** The frame of an open file; viewers may be called so, too. */
const opened = (name: string) => bySelector(`section[aria-label="${name}"]`, { nth: 0 });
const names = (page: Page) =>
  page.browser.run<string[]>(`
    const rows = [...document.querySelectorAll('[data-index]')];
    rows.sort((a, b) => a.dataset.index - b.dataset.index);
    return rows.map((row) => row.querySelector('a')?.textContent);
  `);
const waitForNames = (page: Page, wanted: readonly string[]) =>
  page.waitFor(
    `
    const rows = [...document.querySelectorAll('[data-index]')];
    rows.sort((a, b) => a.dataset.index - b.dataset.index);
    return JSON.stringify(rows.map((row) => row.querySelector('a')?.textContent)) === arguments[0];
  `,
    JSON.stringify(wanted),
  );
const waitForFocus = (page: Page, name: string) =>
  page.waitFor(`return document.activeElement?.querySelector('a')?.textContent === arguments[0]`, name);

const calm = { reducedMotion: true };

describePages(
  'the listing',
  ({ it, engine, page: current }) => {
    beforeAll(async () => {
      await current().viewport('desktop');
    });

    async function open(page: Page, url: string): Promise<void> {
      await page.open(`${server.url}${url}`);
    }

    async function fresh(page: Page, url: string): Promise<void> {
      // Refused on the page that a browser begins with.
      await page.browser.run('try { localStorage.clear(); } catch {}');
      // Firefox tells of services of its own that it does not reach.
      page.allowErrors(/RSLoader/);
      await open(page, url);
    }

    it('leads into folders and back by rows, breadcrumbs and history', async (page) => {
      await fresh(page, '/browse');
      await page.see(byRole('grid', 'Home'));
      await page.click(row('one'));
      await page.see(byRole('grid', 'one'));
      await page.click(row('two'));
      await page.click(row('three of'));
      await page.click(row('four'));
      await page.see(row('five'));
      expect(decodeURI(new URL(await page.url()).pathname)).toMatch(/\/browse\/one\/two\/three of .*\/four$/);
      expect(await page.attribute(crumb('four'), 'aria-current')).toBe('page');
      await page.click(crumb('two'));
      await page.see(row('three of'));
      await page.back();
      await page.see(row('five'));
      await page.reload();
      await page.see(row('five'));
      await page.click(byRole('link', 'Home', { nth: 0 }));
      await page.see(byRole('grid', 'Home'));
    });

    it('fetches its folder once, whichever of its scripts comes first', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('cherry.txt'));
      const fetched = await page.browser.run<string[]>(
        'return performance.getEntriesByType("resource").map(({ name }) => name)',
      );
      expect(
        fetched.filter((url) => url.includes('/entries/mixed?') && url.endsWith('limit=200')),
      ).toHaveLength(1);
    });

    it('shows names as they are, whatever they hold', async (page) => {
      await fresh(page, '/browse/names');
      await page.see(row('<img'));
      const shown = await names(page);
      expect([...shown].sort()).toEqual(
        [
          HOSTILE.markup,
          HOSTILE.rightToLeft,
          HOSTILE.emoji,
          'two↵lines.txt',
          'evil�gpj.exe',
          HOSTILE.long,
        ].sort(),
      );
      expect(await page.browser.run('return document.querySelectorAll("main img").length')).toBe(0);
      expect(await page.browser.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.click(row(HOSTILE.markup));
      await page.see(opened(HOSTILE.markup));
    });

    it('knows the neighbours of a file deep in a large folder, and goes back to where it stands', async (page) => {
      await fresh(page, '/browse/some/file%201500.bin');
      await page.click(byRole('link', 'Previous'));
      await page.see(opened('file 1499.bin'));
      await page.press('Escape');
      await waitForFocus(page, 'file 1499.bin');
      await page.press('Enter');
      await page.see(opened('file 1499.bin'));
      await page.back();
      await waitForFocus(page, 'file 1499.bin');
    });

    if (engine === 'chromium')
      it('moves nothing under the pointer when the rest of it comes', async (page) => {
        for (const url of [
          '/browse/some/file%201500.bin',
          '/browse/video',
          '/browse/video/mp4-moov-last.mp4',
        ]) {
          await fresh(page, url);
          await page.see(url === '/browse/video' ? row('matroska') : byRole('button', 'More actions'));
          await new Promise((resolve) => setTimeout(resolve, 500));
          expect(await layoutShifts(page)).toEqual([]);
        }
      });

    it('filters while one types, and says when nothing matches', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      const steps = await page.browser.run<number>('return history.length');
      await page.press('/');
      await page.type('an');
      await waitForNames(page, ['banana.txt']);
      expect(new URL(await page.url()).search).toBe('?q=an');
      await page.see(bySelector('footer', { containing: '1 file, 20 bytes that match “an”' }));
      await page.type('xyz');
      await page.see(byRole('heading', /No name here contains “anxyz”/));
      await page.click(byRole('button', 'Show all'));
      await page.see(row('apple'));
      expect(await page.value(byRole('searchbox'))).toBe('');
      expect(await page.browser.run('return history.length')).toBe(steps);
      await open(page, '/browse/mixed?q=ahre');
      await waitForNames(page, ['Ähre.txt']);
    });

    it('filters no other folder by what was typed a moment before it was opened', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('drawer'));
      await page.browser.run(`
        const field = document.querySelector('input[type=search]');
        field.value = 'd';
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        [...document.querySelectorAll('[data-index] a')].find((link) => link.textContent === 'drawer').click();
      `);
      await page.see(row('inside.txt'));
      await sleep(300);
      expect(new URL(await page.url()).search).toBe('');
      expect(await page.value(bySelector('input[type=search]'))).toBe('');
    });

    it('sorts by the heads of columns, and keeps it over a reload', async (page) => {
      await fresh(page, '/browse/mixed');
      await waitForNames(page, ['drawer', 'Ähre.txt', 'apple.txt', 'banana.txt', 'cherry.txt']);
      const size = byRole('columnheader', 'Size');
      expect(await page.attribute(size, 'aria-sort')).toBe('none');
      await page.click(byRole('button', 'Size'));
      await waitForNames(page, ['drawer', 'apple.txt', 'banana.txt', 'cherry.txt', 'Ähre.txt']);
      expect(await page.attribute(size, 'aria-sort')).toBe('descending');
      await page.click(byRole('button', 'Size'));
      await waitForNames(page, ['drawer', 'Ähre.txt', 'cherry.txt', 'banana.txt', 'apple.txt']);
      await page.reload();
      await waitForNames(page, ['drawer', 'Ähre.txt', 'cherry.txt', 'banana.txt', 'apple.txt']);
      await page.click(row('drawer'));
      await page.see(row('inside'));
      expect(new URL(await page.url()).search).toBe('?sort=size');
    });

    it('remembers tiles and hidden files', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      expect(await names(page)).not.toContain('.hidden.txt');
      await page.click(byRole('button', 'View'));
      await page.click(byRole('menuitemcheckbox', 'Hidden files'));
      await page.see(row('.hidden.txt'));
      await page.click(byRole('button', 'Show as tiles'));
      await page.see(bySelector('.tile', { containing: '.hidden.txt' }));
      await page.reload();
      await page.see(bySelector('.tile', { containing: '.hidden.txt' }));
      await page.press('ArrowDown');
      await page.press('ArrowRight');
      await waitForFocus(page, '.hidden.txt');
      await expectAccessible(page);
    });

    it('is moved through by keys', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      await page.press('ArrowDown');
      await waitForFocus(page, 'drawer');
      await page.press('End');
      await waitForFocus(page, 'cherry.txt');
      await page.press('ArrowDown');
      await page.press('ArrowUp');
      await waitForFocus(page, 'banana.txt');
      await page.press('Home');
      await waitForFocus(page, 'drawer');
      await page.press('b');
      await waitForFocus(page, 'banana.txt');
      await page.press('Home');
      await page.press('Enter');
      await waitForFocus(page, 'inside.txt');
      await page.press('Backspace');
      await waitForFocus(page, 'drawer');
      await page.press('?');
      await page.see(byRole('dialog', 'Keys'));
      await expectAccessible(page);
      await page.press('Escape');
      await waitForFocus(page, 'drawer');
    });

    it('selects by keys and by mouse', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      const status = bySelector('main [role=status]', { containing: 'selected' });
      await page.click(row('apple'), { held: ['Control'] });
      await page.see({ ...status, containing: '1 selected' });
      await page.press('Shift+ArrowDown');
      await page.press('Shift+ArrowDown');
      await page.see({ ...status, containing: '3 selected' });
      await page.click(row('Ähre'), { held: ['Shift'] });
      await page.see({ ...status, containing: '2 selected' });
      await page.press('Control+a');
      await page.see({ ...status, containing: '5 selected' });
      await page.press('Escape');
      await page.waitUntilGone(status);
      await page.press('Space');
      await page.see({ ...status, containing: '1 selected' });
      expect(await page.attribute(row('Ähre'), 'aria-selected')).toBe('true');
      await page.hover(row('cherry'));
      await page.click(byRole('checkbox', 'Select cherry.txt'));
      await page.see({ ...status, containing: '2 selected' });
      // A box takes no text: keys are for the page.
      await page.press('?');
      await page.see(byRole('dialog', 'Keys'));
      await page.press('Escape');
      await page.waitUntilGone(byRole('dialog', 'Keys'));
      await expectAccessible(page);
      await page.click(byRole('button', 'Clear selection'));
      await page.waitUntilGone(status);
    });

    it('offers what can be done by a menu', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.contextClick(row('drawer'));
      await page.see(byRole('menuitem', 'Open'));
      await page.press('Escape');
      await waitForFocus(page, 'drawer');
      await page.press('Shift+F10');
      await page.see(byRole('menuitem', 'Open'));
      await expectAccessible(page);
      await page.press('Escape');
      await page.click(row('apple'), { held: ['Control'] });
      await page.see(bySelector('main [role=status]', { containing: '1 selected' }));
      await page.click(byRole('button', 'More for drawer'));
      await page.click(byRole('menuitem', 'Open'));
      await page.see(row('inside'));
    });

    it('opens a file over the list and gives the focus back', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      await page.press('ArrowDown');
      await page.press('a');
      await page.press('a');
      await waitForFocus(page, 'apple.txt');
      await page.press('Enter');
      await page.see(opened('apple.txt'));
      await page.waitFor('return document.activeElement.closest("section")?.ariaLabel === "apple.txt"');
      await page.see(byRole('link', 'Previous'));
      await page.see(byRole('button', 'Wrap lines'));
      await page.click(byRole('link', 'Next'));
      await page.see(opened('banana.txt'));
      await page.press('Escape');
      await waitForFocus(page, 'banana.txt');
      await page.back();
      await page.see(opened('banana.txt'));
      await page.reload();
      await page.see(opened('banana.txt'));
      await page.click(byRole('button', 'Close'));
      await waitForFocus(page, 'banana.txt');
    });

    it('closes a file whose folder has not been listed yet', async (page) => {
      // A large folder that is not as it was takes a moment.
      const more = path.join(server.root, `many/file ${MANY}.bin`);
      await writeFile(more, '');
      await rm(more);
      await fresh(page, '/browse/many/file%2050000.bin');
      await page.click(byRole('button', 'Close'));
      expect(new URL(await page.url()).pathname).toBe('/browse/many');
      await page.see(byRole('grid', 'many'));
      await page.waitFor(`return document.activeElement?.matches('[data-index]')`);
    });

    it('says which films are repaired, start late or will not play here', async (page) => {
      await fresh(page, '/browse/video');
      await page.see(
        bySelector('.badge', { within: row('mp4-moov-last.mp4'), containing: 'Index at the end' }),
      );
      await page.see(bySelector('.badge', { within: row('mp4-fragmented.mp4'), containing: 'Repaired' }));
      const hevc = await page.browser.run<string>(
        `return document.createElement('video').canPlayType('video/mp4; codecs="hvc1.1.6.L60.90"')`,
      );
      const label = hevc === '' ? 'Will not play here' : 'Repaired';
      await page.see(bySelector('.badge', { within: row('mp4-hevc-hev1.mp4'), containing: label }));
      // They stay while somebody moves on.
      await page.browser.run(`
        window.lost = 0;
        const count = ({ removedNodes }) =>
          [...removedNodes].forEach((node) => (window.lost += node.matches?.('.badge') ? 1 : 0));
        const observer = new MutationObserver((records) => records.forEach(count));
        observer.observe(document.querySelector('[role=grid]'), { childList: true, subtree: true });
      `);
      await page.press('ArrowDown');
      await page.press('ArrowDown');
      await page.press('Space');
      await page.see(bySelector('[data-index][aria-selected=true]', { containing: 'mp4-fragmented.mp4' }));
      expect(await page.browser.run('return window.lost')).toBe(0);
      const fine = { within: row('mp4-moov-first.mp4') };
      expect(
        await page.browser.run(
          `return [...document.querySelectorAll('[data-index]')].find((row) => row.textContent.includes('mp4-moov-first.mp4')).querySelectorAll('.badge').length`,
          fine,
        ),
      ).toBe(0);
      await expectAccessible(page);
    });

    it('hears of files that come and go, and keeps focus and selection', async (page) => {
      // A folder of its own: what was removed from one before is told a moment later.
      const folder = `live ${page.browser.engine} ${Date.now()}`;
      const at = (name: string) => path.join(server.root, folder, name);
      await mkdir(at(''));
      for (const name of ['b.txt', 'd.txt']) await writeFile(at(name), 'x');
      await fresh(page, `/browse/${folder}`);
      await page.see(row('d.txt'));
      await page.click(row('d.txt'), { held: ['Control'] });
      await waitForFocus(page, 'd.txt');
      // It listens only after the first view.
      await page.waitFor('return performance.getEntriesByType("resource").length > 0');
      await new Promise((resolve) => setTimeout(resolve, 700));
      await writeFile(at('a.txt'), 'x');
      await waitForNames(page, ['a.txt', 'b.txt', 'd.txt']);
      await waitForFocus(page, 'd.txt');
      await page.see(bySelector('footer', { containing: '3 files' }));
      await rm(at('b.txt'));
      await waitForNames(page, ['a.txt', 'd.txt']);
      await page.see(bySelector('[data-index][aria-selected=true]', { containing: 'd.txt' }));
      await waitForFocus(page, 'd.txt');
    });

    it('hears of the first file of an empty folder, and of the first that matches', async (page) => {
      const folder = `first ${page.browser.engine} ${Date.now()}`;
      await mkdir(path.join(server.root, folder));
      for (const query of ['', '?q=b']) {
        await fresh(page, `/browse/${folder}${query}`);
        await page.see(byRole('heading', query === '' ? 'This folder is empty' : /No name here/));
        await new Promise((resolve) => setTimeout(resolve, 700));
        await writeFile(path.join(server.root, folder, query === '' ? 'a.txt' : 'b.txt'), 'x');
        await page.see(row(query === '' ? 'a.txt' : 'b.txt'));
      }
    });

    it('keeps its buttons where they can be reached, however long names are', async (page) => {
      const long =
        'A name as long as somebody makes it who has no idea that it will be read in a small window '.repeat(
          2,
        );
      await mkdir(path.join(server.root, long, long), { recursive: true });
      await writeFile(path.join(server.root, long, long, 'a.txt'), 'x');
      try {
        for (const size of ['phone', 'desktop'] as const) {
          await page.viewport(size);
          for (const folder of [long, `${long}/${long}`]) {
            await fresh(page, `/browse/${encodeURIComponent(folder)}`.replaceAll('%2F', '/'));
            await page.see(bySelector('[data-index]'));
            expect(await page.browser.run('return document.documentElement.scrollWidth')).toBe(
              await page.browser.run('return innerWidth'),
            );
            await page.click(byRole('button', 'View'));
            await page.press('Escape');
          }
          await page.click(bySelector('[data-index]'), { held: ['Control'] });
          // With all that can be done with one.
          await page.click(byRole('button', 'Select all'));
          await page.click(byRole('button', 'Clear selection'));
        }
      } finally {
        await page.viewport('desktop');
      }
    });

    it('shows the newer of two listings, whichever comes first', async (page) => {
      const folder = `order ${page.browser.engine} ${Date.now()}`;
      const at = (name: string) => path.join(server.root, folder, name);
      await mkdir(at(''));
      await writeFile(at('a.txt'), 'x');
      await fresh(page, `/browse/${folder}`);
      await page.see(row('a.txt'));
      await new Promise((resolve) => setTimeout(resolve, 700));
      await page.browser.run(`
        const { fetch } = window;
        let isFirst = true;
        window.fetch = async (...request) => {
          const wait = isFirst && request[0].url.includes('/entries/');
          if (wait) isFirst = false;
          const answer = await fetch(...request);
          if (wait) await new Promise((resolve) => setTimeout(resolve, 2000)).then(() => (window.isLate = true));
          return answer;
        };
      `);
      await writeFile(at('b.txt'), 'x');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await writeFile(at('c.txt'), 'x');
      await waitForNames(page, ['a.txt', 'b.txt', 'c.txt']);
      await page.waitFor('return window.isLate');
      await new Promise((resolve) => setTimeout(resolve, 200));
      await waitForNames(page, ['a.txt', 'b.txt', 'c.txt']);
    });

    it('says that an open file has been removed', async (page) => {
      const folder = `lost ${page.browser.engine} ${Date.now()}`;
      await mkdir(path.join(server.root, folder));
      const file = path.join(server.root, folder, 'a.txt');
      await writeFile(file, 'x');
      await fresh(page, `/browse/${folder}`);
      await page.click(row('a.txt'));
      await page.see(opened('a.txt'));
      // It listens only after the first view.
      await new Promise((resolve) => setTimeout(resolve, 700));
      // As some programs write a file anew.
      await rm(file);
      await writeFile(file, 'y');
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(await page.browser.run('return document.body.textContent.includes("somebody else")')).toBe(
        false,
      );
      await rm(file);
      await page.see(bySelector('[role=status]', { containing: '“a.txt” has been removed, moved' }));
    });

    it('scrolls through a hundred thousand entries', async (page) => {
      // To list them takes a busy machine some seconds.
      page.patience = 30_000;
      await fresh(page, '/browse/many');
      await page.see(row('file 0.bin'));
      expect(await page.attribute(byRole('grid'), 'aria-rowcount')).toBe(String(MANY + 1));
      await page.see(bySelector('footer', { containing: '100,000 files' }));
      await page.browser.run(`
      const scroller = document.querySelector('[role=grid]').parentElement;
      for (let part = 1; part <= 20; part++) {
        scroller.scrollTop = (scroller.scrollHeight * part) / 40;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    `);
      await page.see(row('file 50000.bin'));
      expect(await page.attribute(row('file 50000.bin'), 'aria-rowindex')).toBe('50002');
      expect((await names(page)).length).toBeLessThan(80);
      await page.click(row('file 50003.bin'), { held: ['Control'] });
      await page.press('End');
      await waitForFocus(page, 'file 99999.bin');
      await page.press('Enter');
      await page.see(opened('file 99999.bin'));
      await page.press('Escape');
      await waitForFocus(page, 'file 99999.bin');
      await page.press('Control+a');
      await page.see(bySelector('main [role=status]', { containing: '1,000 selected' }));
      await page.see(bySelector('.toast', { containing: 'Only 1,000 can be selected' }));
    });

    it('is as it was after going back', async (page) => {
      await fresh(page, '/browse/some');
      await page.see(row('file 0.bin'));
      await page.browser.run('document.querySelector("[role=grid]").parentElement.scrollTop = 90000');
      const middle = await page.browser.run<number>(
        'return Math.round(90000 / document.querySelector("[data-index]").offsetHeight) + 3',
      );
      const there = row(`file ${middle}.bin`);
      await page.see(there);
      const before = await page.browser.run(
        'return document.querySelector("[role=grid]").parentElement.scrollTop',
      );
      await page.click(crumb('Home'));
      await page.see(byRole('grid', 'Home'));
      await page.back();
      await page.see(there);
      expect(
        await page.browser.run('return document.querySelector("[role=grid]").parentElement.scrollTop'),
      ).toBe(before);
      await page.reload();
      await page.see(there);
    });

    it('sorts names by the language that was chosen', async (page) => {
      for (const name of ['一.txt', '三.txt', '二.txt'])
        await writeFile(path.join(server.root, 'one', name), 'x');
      await fresh(page, '/browse/one');
      await waitForNames(page, ['two', '一.txt', '三.txt', '二.txt']);
      await page.browser.run(`localStorage.setItem('playhead.language', '"zh-Hans"')`);
      await page.reload();
      // By their sounds: er, san, yi.
      await waitForNames(page, ['two', '二.txt', '三.txt', '一.txt']);
      await page.click(byRole('button', '设置'));
      await page.click(byRole('menuitemradio', 'English'));
      await waitForNames(page, ['two', '一.txt', '三.txt', '二.txt']);
    });

    it('says that a folder is empty, or not there', async (page) => {
      page.allowErrors(/404/);
      await fresh(page, '/browse/empty');
      await page.see(byRole('heading', 'This folder is empty'));
      await expectAccessible(page);
      await open(page, '/browse/one/nothing');
      await page.see(byRole('alert'));
      await page.click(byRole('link', 'To the folder above'));
      await page.see(row('two'));
    });

    it('is made for phones', async (page) => {
      await page.viewport('phone');
      try {
        await fresh(page, '/browse/one/two/three of a name that is rather long/four/five');
        await page.see(byRole('heading', 'This folder is empty'));
        await page.click(byRole('button', 'Folders between'));
        await page.click(byRole('menuitem', 'two'));
        await page.see(row('three of'));
        await open(page, '/browse/names');
        await page.see(row('<img'));
        expect(await page.browser.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(
          true,
        );
        await expectAccessible(page);
        await page.click(byRole('button', 'View'));
        await page.click(byRole('menuitemradio', 'By size'));
        await page.waitFor('return location.search === "?sort=size&order=desc"');
      } finally {
        await page.viewport('desktop');
      }
    });

    it('is accessible in the dark, and speaks Chinese', async (page) => {
      await fresh(page, '/browse/mixed');
      await page.see(row('apple'));
      await page.click(byRole('button', 'Settings'));
      await page.click(byRole('menuitemradio', 'Dark'));
      await page.waitFor('return document.documentElement.dataset.theme === "dark"');
      await page.click(row('apple'), { held: ['Control'] });
      await expectAccessible(page);
      await page.click(byRole('button', 'Settings'));
      await page.click(byRole('menuitemradio', '简体中文'));
      await page.see(bySelector('footer', { containing: '1 个文件夹，4 个文件' }));
      expect(await page.browser.run('return document.documentElement.lang')).toBe('zh-Hans');
      await page.reload();
      await page.see(byRole('columnheader', '名称'));
      await expectAccessible(page);
    });
  },
  calm,
);

describePages('logging in', ({ it, page: current }) => {
  let guarded: Playhead;
  beforeAll(async () => {
    guarded = await startPlayhead({ anonymous: false, users: [user('alice', 'right horse', '/:rw')] });
    await mkdir(path.join(guarded.root, 'secret'));
    await writeFile(path.join(guarded.root, 'secret/plan.txt'), 'x');
    await current().viewport('desktop');
  });
  afterAll(() => guarded.close());

  it('happens in place, tells what was wrong, and ends', async (page) => {
    page.allowErrors(/401/);
    await page.open(`${guarded.url}/browse/secret`);
    await page.see(byRole('heading', 'Log in'));
    await expectAccessible(page);
    await page.fill(bySelector('input[name=username]'), 'alice');
    await page.fill(bySelector('input[name=password]'), 'wrong');
    await page.click(byRole('button', 'Log in', { within: 'form' }));
    await page.see(bySelector('[role=alert]', { containing: 'Name and password do not match.' }));
    await page.fill(bySelector('input[name=password]'), 'right horse');
    await page.press('Enter');
    await page.see(row('plan.txt'));
    await page.click(byRole('button', 'Settings'));
    await page.click(byRole('menuitem', 'Log out alice'));
    await page.see(byRole('heading', 'Log in'));
  });
});

describePages(
  'a server that has gone',
  ({ it, page: current }) => {
    it('leaves what is shown, and is asked again', async (page) => {
      page.allowErrors(/./);
      const passing = await startPlayhead();
      await mkdir(path.join(passing.root, 'folder'));
      await current().viewport('desktop');
      await page.open(`${passing.url}/browse`);
      await page.see(row('folder'));
      await passing.close();
      await page.click(row('folder'));
      await page.see(byRole('alert'));
      await page.see(byRole('button', 'Try again'));
    });

    it('can be left where what opens a file has not been loaded yet', async (page) => {
      page.allowErrors(/./);
      const passing = await startPlayhead();
      for (const name of ['a.txt', 'b.txt']) await writeFile(path.join(passing.root, name), 'x');
      await page.open(`${passing.url}/browse`);
      await page.see(row('a.txt'));
      await passing.close();
      await page.click(row('a.txt'));
      await page.see(byRole('alert'));
      await page.press('Escape');
      await page.waitUntilGone(byRole('alert'));
      await page.click(row('b.txt'));
      await page.click(byRole('button', 'Close'));
      await waitForFocus(page, 'b.txt');
    });
  },
  { engines: ['chromium'] },
);
