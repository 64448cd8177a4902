import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { byRole, type Page } from '../support/browser/page.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { readZip } from '../support/python-zip.js';
import { basic, user } from '../support/users.js';

const HOSTILE = `<img src=x onerror="window.hit=1">&amp;.txt`;

describePages('managing files', ({ engine, it }) => {
  let playhead: Playhead;
  const at = (name: string) => path.join(playhead.root, name);
  const write = async (...names: string[]) => {
    for (const name of names) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), name);
    }
  };
  const isThere = (name: string) =>
    access(at(name)).then(
      () => true,
      () => false,
    );

  beforeAll(async () => {
    playhead = await startPlayhead({
      users: [user('ann', 'secret', '/:rwd'), user('ron', 'secret', '/:r'), user('wes', 'secret', '/:rw')],
    });
  });
  afterAll(() => playhead?.close());

  /** Opens a folder as somebody who has logged in. */
  async function openAs(page: Page, name: string, folder: string, size: 'phone' | 'desktop' = 'desktop') {
    await page.viewport(size);
    await page.open(`${playhead.url}/login`);
    await page.forget();
    const body = JSON.stringify({ name, password: 'secret' });
    await page.browser.run(
      `await fetch('/api/v1/session', { method: 'POST', body: arguments[0], headers: { 'Content-Type': 'application/json' } })`,
      body,
    );
    await page.open(`${playhead.url}/browse/${folder}`);
    await page.see(byRole('grid'));
  }

  async function act(page: Page, name: string, action: string | RegExp): Promise<void> {
    await page.click(byRole('button', `More for ${name}`));
    await page.click(byRole('menuitem', action));
  }

  const row = (name: string) => byRole('link', name, { within: byRole('grid') });
  const draggable = (name: string) => ({ selector: '[draggable=true]', containing: name });

  async function drag(page: Page, name: string, folder: string, held: readonly string[] = []): Promise<void> {
    // The drivers of the others begin no drag.
    if (engine === 'chromium') await page.drag(draggable(name), draggable(folder), { held });
    else await page.dragSynthetically(draggable(name), draggable(folder), { held });
  }

  it('renames by keys alone, says what is wrong with a name, and takes it back', async (page) => {
    await write('keys/film.tar.xyz', 'keys/other.txt');
    await openAs(page, 'ann', 'keys');
    await page.see(byRole('button', 'Add'));
    await page.press('ArrowDown');
    await page.press('F2');
    await page.see(byRole('dialog', 'Rename file'));
    await page.waitFor(`
      const { selectionStart, selectionEnd, value } = document.activeElement;
      return value?.slice(selectionStart, selectionEnd) === 'film.tar'`);
    await page.type('a/b');
    await page.see({ selector: 'dialog', containing: 'cannot contain a slash' });
    await page.fill(byRole('textbox', 'Name'), 'other.txt');
    await page.press('Enter');
    await page.see({ selector: 'dialog', containing: 'is taken' });
    await expectAccessible(page);
    await page.fill(byRole('textbox', 'Name'), 'Été 夏.xyz');
    await page.press('Enter');
    await page.see(row('Été 夏.xyz'));
    await page.waitFor(`return document.activeElement.textContent.includes('Été 夏.xyz')`);
    expect(await readdir(at('keys'))).toEqual(expect.arrayContaining(['Été 夏.xyz']));
    await page.click(byRole('button', 'Undo'));
    await page.see(row('film.tar.xyz'));
    expect(await isThere('keys/film.tar.xyz')).toBe(true);
  });

  it('stays with an open file that gets another name, and leaves one that is deleted', async (page) => {
    await write('open/a.txt', 'open/b.txt');
    await openAs(page, 'ann', 'open');
    await page.click(row('a.txt'));
    const act = async (name: string, action: string | RegExp) => {
      const frame = { selector: `section[aria-label="${name}"]`, nth: 0 };
      await page.click(byRole('button', 'More actions', { within: frame }));
      await page.click(byRole('menuitem', action));
    };
    await act('a.txt', /^Rename/);
    await page.see(byRole('dialog', 'Rename file'));
    await page.type('c');
    await page.press('Enter');
    await page.see(byRole('heading', 'c.txt'));
    expect(new URL(await page.url()).pathname).toBe('/browse/open/c.txt');
    await act('c.txt', 'Delete');
    await page.see(row('b.txt'));
    expect(new URL(await page.url()).pathname).toBe('/browse/open');
  });

  it('makes a folder, and moves into it by dragging', async (page) => {
    await write('drag/a.txt', 'drag/b.txt');
    await openAs(page, 'ann', 'drag');
    await page.click(byRole('button', 'Add'));
    await page.click(byRole('menuitem', 'New folder'));
    await page.see(byRole('dialog', 'New folder'));
    await page.type('Neu');
    await page.press('Enter');
    await page.see(row('Neu'));
    await page.click(byRole('checkbox', 'Select a.txt'));
    await page.click(byRole('checkbox', 'Select b.txt'));
    await page.waitFor(`return document.querySelector('[draggable=true]')`);
    await page.waitFor(`return document.querySelectorAll('[role=grid] :checked').length === 2`);
    await drag(page, 'a.txt', 'Neu');
    await page.waitUntilGone(row('a.txt'));
    await page.see({ selector: '.toast', containing: 'Moved 2 items to “Neu”' });
    expect(await readdir(at('drag/Neu'))).toEqual(['a.txt', 'b.txt']);
  });

  it('copies what is dragged with Control, and shows so', async (page) => {
    await write('drop/a.txt', 'drop/box/b.txt');
    await openAs(page, 'ann', 'drop');
    await page.browser.run(
      `window.effects = []; addEventListener('dragover', (event) => effects.push(event.dataTransfer.dropEffect))`,
    );
    await drag(page, 'a.txt', 'box', ['Control']);
    await page.see({ selector: '.toast', containing: 'Copied “a.txt” to “box”' });
    // A DataTransfer without a drag keeps no effect.
    if (engine === 'chromium') expect(await page.browser.run('return effects.at(-1)')).toBe('copy');
    expect(await isThere('drop/a.txt')).toBe(true);
    expect(await isThere('drop/box/a.txt')).toBe(true);
  });

  it('offers to replace no folder by one that is dragged to where its name is taken', async (page) => {
    await write('pull/same/a.txt', 'pull/to/same/b.txt');
    await openAs(page, 'ann', 'pull');
    await drag(page, 'same', 'to');
    await page.see(byRole('dialog', 'This name is taken'));
    await page.waitUntilGone(byRole('button', 'Replace'));
    await page.click(byRole('button', 'Keep both'));
    await page.waitUntilGone(row('same'));
    expect((await readdir(at('pull/to'))).length).toBe(2);
  });

  it('copies by the dialog, and asks about names that are taken', async (page) => {
    await write('copy/a.txt', 'copy/b.txt', 'copy/to/a.txt', 'copy/to/b.txt');
    await openAs(page, 'ann', 'copy');
    await page.click(byRole('checkbox', 'Select a.txt'));
    await page.press('Control+a');
    await page.click(byRole('checkbox', 'Select to'));
    await page.click(byRole('button', 'Copy to…'));
    await page.click(byRole('button', 'to', { within: byRole('dialog') }));
    await page.see({ selector: 'dialog .note', containing: 'no folders in here' });
    await expectAccessible(page);
    await page.click(byRole('button', 'Copy here'));
    await page.see(byRole('dialog', 'This name is taken'));
    await expectAccessible(page);
    await page.click(byRole('checkbox', /1 more too/));
    await page.click(byRole('button', 'Keep both'));
    await page.see({ selector: '.toast', containing: 'Copied 2 items to “to”' });
    expect((await readdir(at('copy/to'))).length).toBe(4);
    expect(await readFile(at('copy/to/a.txt'), 'utf8')).toBe('copy/to/a.txt');
  });

  it('cuts and pastes by keys', async (page) => {
    await write('cut/a.txt', 'cut/to/b.txt');
    await openAs(page, 'ann', 'cut');
    await page.see(byRole('button', 'Add'));
    await page.press('ArrowDown');
    await page.press('End');
    await page.press('Control+x');
    await page.press('Home');
    await page.press('Enter');
    await page.see(row('b.txt'));
    await page.press('Control+v');
    await page.see(row('a.txt'));
    expect(await readdir(at('cut/to'))).toEqual(['a.txt', 'b.txt']);
  });

  it('deletes to the trash and puts back, from the note and from the trash', async (page) => {
    await write(`gone/${HOSTILE}`, 'gone/b.txt', 'gone/c.txt');
    await openAs(page, 'ann', 'gone');
    await act(page, HOSTILE, /^Delete/);
    await page.waitUntilGone(row(HOSTILE));
    await page.click(byRole('button', 'Undo'));
    await page.see(row(HOSTILE));
    expect(await isThere(`gone/${HOSTILE}`)).toBe(true);
    await page.click(byRole('checkbox', 'Select b.txt'));
    await page.press('Delete');
    await page.waitUntilGone(row('b.txt'));
    await act(page, HOSTILE, /^Delete/);
    await page.waitUntilGone(row(HOSTILE));
    await page.click(byRole('button', 'Settings'));
    await page.click(byRole('menuitem', 'Trash'));
    await page.see(byRole('list', 'Trash'));
    await expectAccessible(page);
    await page.click(byRole('button', `Put ${HOSTILE} back`));
    await page.waitUntilGone(byRole('button', `Put ${HOSTILE} back`));
    expect(await isThere(`gone/${HOSTILE}`)).toBe(true);
    await page.click(byRole('button', 'Empty trash'));
    await page.click(byRole('button', 'Empty trash', { within: byRole('dialog') }));
    await page.see(byRole('heading', 'The trash is empty'));
    expect(await isThere('gone/b.txt')).toBe(false);
    expect(await page.browser.run('return window.hit ?? 0')).toBe(0);
  });

  it('puts what is selected into one download', async (page) => {
    await write('zip/a.txt', 'zip/ü & b.txt', 'zip/c.txt');
    await openAs(page, 'ann', 'zip');
    await page.click(byRole('checkbox', 'Select a.txt'));
    await page.click(byRole('checkbox', 'Select ü & b.txt'));
    const url = await page.attribute(byRole('link', 'Download as ZIP'), 'href');
    const answer = await fetch(playhead.url + url!, { headers: basic('ann', 'secret') });
    const file = at('.out.zip');
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    expect((await readZip(file)).map(({ name }) => name).sort()).toEqual(['zip/a.txt', 'zip/ü & b.txt']);
  });

  it('offers nothing that may not be done', async (page) => {
    await write('kept/a.txt');
    const offered = async () => {
      await page.click(byRole('button', 'More for a.txt'));
      await page.see(byRole('menuitem', 'Copy link'));
      const names = await page.browser.run<string[]>(
        `return [...document.querySelectorAll('[role=menuitem]')].map((item) => item.innerText.split('\\n')[0].trim()).filter(Boolean)`,
      );
      await page.press('Escape');
      return names;
    };
    /** What the help says of keys that change something. */
    const keys = async () => {
      await page.press('?');
      await page.see(byRole('dialog', 'Keys'));
      const meanings = await page.browser.run<string[]>(
        `return [...document.querySelectorAll('dialog dd')].map((meaning) => meaning.innerText)`,
      );
      await page.press('Escape');
      await page.waitUntilGone(byRole('dialog', 'Keys'));
      return meanings.filter((meaning) => /^(?:Rename|Delete|Cut|Copy|Paste)/.test(meaning));
    };
    await openAs(page, 'ron', 'kept');
    const looking = ['Open', 'Open in a new tab', 'Download', 'Share…', 'Copy link'];
    expect(await offered()).toEqual(looking);
    await page.waitUntilGone(byRole('button', 'Add'));
    await page.press('F2');
    await page.press('Delete');
    expect(await keys()).toEqual([]);
    await openAs(page, 'wes', 'kept');
    await page.see(byRole('button', 'Add'));
    expect(await keys()).toEqual(['Copy', 'Paste']);
    expect(await offered()).toEqual([...looking, 'Copy to…', 'Copy']);
    expect(await isThere('kept/a.txt')).toBe(true);
    await openAs(page, 'ann', 'kept');
    await page.see(byRole('button', 'Add'));
    expect(await keys()).toEqual(['Rename', 'Delete', 'Cut', 'Copy', 'Paste']);
  });

  it('works on a phone', async (page) => {
    const long = `${'A name that goes on and on '.repeat(6)}.txt`;
    await write(`phone/${long}`, 'phone/to/x.txt');
    await openAs(page, 'ann', 'phone', 'phone');
    await act(page, long, 'Move to…');
    await page.click(byRole('button', 'to', { within: byRole('dialog') }));
    await page.click(byRole('button', 'Move here'));
    await page.waitUntilGone(row(long));
    expect(await isThere(`phone/to/${long}`)).toBe(true);
    await act(page, 'to', /^Delete/);
    await page.see(byRole('heading', 'This folder is empty'));
    await page.open(`${playhead.url}/trash`);
    await page.see(byRole('list', 'Trash'));
    await expectAccessible(page);
    expect(await page.browser.run('return document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});

describePages(
  'a server without a trash',
  ({ it }) => {
    let playhead: Playhead;
    beforeAll(async () => {
      playhead = await startPlayhead({ write: true, trashRetention: 0 });
    });
    afterAll(() => playhead?.close());

    it('is asked to delete only by who means it', async (page) => {
      for (const name of ['a.txt', 'b.txt']) await writeFile(path.join(playhead.root, name), 'x');
      const files = async () => (await readdir(playhead.root)).filter((name) => !name.startsWith('.'));
      await page.open(`${playhead.url}/browse`);
      await page.click(byRole('button', 'More for a.txt'));
      await page.click(byRole('menuitem', /^Delete/));
      await page.see(byRole('dialog', 'Delete for good?'));
      await page.click(byRole('button', 'Cancel'));
      expect(await files()).toEqual(['a.txt', 'b.txt']);
      await page.click(byRole('button', 'More for a.txt'));
      await page.click(byRole('menuitem', /^Delete/));
      await page.click(byRole('button', 'Delete for good'));
      await page.waitUntilGone(byRole('link', 'a.txt'));
      expect(await files()).toEqual(['b.txt']);
    });
  },
  { engines: ['chromium'] },
);

describePages('a server that goes away', ({ it }) => {
  it('is said to be gone when what an action needs cannot be loaded', async (page) => {
    page.allowErrors(/./);
    const passing = await startPlayhead({ write: true });
    await mkdir(path.join(passing.root, 'box'));
    await writeFile(path.join(passing.root, 'a.txt'), 'x');
    await page.viewport('desktop');
    await page.open(`${passing.url}/browse`);
    await page.see(byRole('button', 'Add'));
    await page.see({ selector: '[draggable=true]', containing: 'a.txt' });
    await passing.close();
    await page.browser.run(
      `window.unhandled = []; addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)))`,
    );
    const gone = { selector: '.toast', containing: 'The server does not answer.' };
    await page.press('ArrowDown');
    for (const [index, key] of ['F2', 'Delete', '?'].entries()) {
      await page.press(key);
      await page.see({ ...gone, nth: index });
    }
    await page.dragSynthetically(
      { selector: '[draggable=true]', containing: 'a.txt' },
      { selector: '[draggable=true]', containing: 'box' },
    );
    await page.see({ ...gone, nth: 3 });
    expect(await page.browser.run('return window.unhandled')).toEqual([]);
  });
});
