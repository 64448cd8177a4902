import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { byRole, type Page } from '../support/browser/page.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';
import { user } from '../support/users.js';

const FILM = `${'A long name of a film '.repeat(6)}.webm`;

describePages('sharing', ({ it }) => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ anonymous: false, users: [user('ann', 'secret', '/:rwd')] });
    const at = (name: string) => path.join(playhead.root, name);
    await mkdir(at('Music/Album/CD 1'), { recursive: true });
    await copyFile(path.join(SAMPLES, 'video/webm-vp9-opus.webm'), at(FILM));
    await copyFile(path.join(SAMPLES, 'audio/mp3-cbr.mp3'), at('Music/Album/01 song.mp3'));
    const whole = await readFile(path.join(SAMPLES, 'video/mp4-moov-last.mp4'));
    await writeFile(at('damaged.mp4'), whole.subarray(0, whole.length / 2));
    await writeFile(at('Music/Album/notes.txt'), 'notes');
    await writeFile(at('Music/Album/CD 1/inner.txt'), 'inner');
    await writeFile(at('Music/secret.txt'), 'secret');
  });
  afterAll(() => playhead?.close());

  async function logIn(page: Page): Promise<void> {
    await page.open(`${playhead.url}/login`);
    await page.forget();
    await page.browser.run(
      `await fetch('/api/v1/session', { method: 'POST', body: arguments[0], headers: { 'Content-Type': 'application/json' } })`,
      JSON.stringify({ name: 'ann', password: 'secret' }),
    );
  }

  /** Makes a link as ann does, and leaves nothing of her in the browser. @returns the address of its page */
  async function linkTo(page: Page, file: string, seconds: number): Promise<string> {
    await logIn(page);
    const prefix = await page.browser.run<string>(
      `const answer = await fetch('/api/v1/links', { method: 'POST', body: arguments[0], headers: { 'Content-Type': 'application/json' } });
      return (await answer.json()).prefix;`,
      JSON.stringify({ path: file, expiresIn: seconds }),
    );
    await page.forget();
    return playhead.url + prefix;
  }

  it('asks who has not logged in to do so, where their links would be', async (page) => {
    page.allowErrors(/401/);
    await page.open(`${playhead.url}/links`);
    await page.forget();
    await page.reload();
    await page.see(byRole('textbox', 'Name'));
    await page.see(byRole('button', 'Log in'));
  });

  it('hands out a film, which a stranger plays without an account', async (page) => {
    await page.viewport('desktop');
    await logIn(page);
    await page.open(`${playhead.url}/browse`);
    await page.click(byRole('button', `More for ${FILM}`));
    await page.click(byRole('menuitem', 'Share…'));
    await page.select(byRole('combobox', 'The link works for'), 'a day');
    await expectAccessible(page);
    await page.click(byRole('button', 'Create link'));
    await page.see(byRole('img', /^QR code/));
    await expectAccessible(page);
    const url = await page.value(byRole('textbox', 'Link'));
    expect(url).toMatch(new RegExp(`^${playhead.url}/l/[\\w-]+$`));
    await page.click({ selector: 'summary', containing: 'For players' });
    const media = await page.value(byRole('textbox', 'Address of the file itself'));
    const bytes = await fetch(media, { headers: { Range: 'bytes=0-3' } });
    expect([bytes.status, Buffer.from(await bytes.arrayBuffer()).toString('hex')]).toEqual([206, '1a45dfa3']);

    await page.forget();
    for (const size of ['phone', 'desktop'] as const) {
      await page.viewport(size);
      await page.open(url);
      await page.see(byRole('heading', FILM));
      await page.see(byRole('link', 'Download'));
      await page.waitFor(`return document.querySelector('video, media-player, media-controller video')`);
      await page.see({ selector: 'footer', containing: 'works until' });
      await expectAccessible(page);
      expect(await page.browser.run(`return document.querySelector('main').scrollWidth - innerWidth`)).toBe(
        0,
      );
    }
    await page.click(byRole('button', 'What is this?'));
    await page.see({ selector: 'dialog', containing: 'Playhead' });
    const download = await page.attribute(byRole('link', 'Download'), 'href');
    expect((await fetch(playhead.url + download!)).headers.get('Content-Disposition')).toContain(
      'attachment',
    );
  });

  it('hands out a folder, which begins there and can only be looked at', async (page) => {
    await page.viewport('desktop');
    const url = await linkTo(page, 'Music/Album', 3600);
    await page.open(url);
    await page.see(byRole('link', '01 song.mp3', { within: byRole('grid') }));
    await page.see(byRole('button', 'This folder'));
    expect(await page.url()).toBe(`${url}/browse/Music/Album`);
    const crumbs = byRole('navigation', 'Folders');
    expect(await page.text(crumbs)).toBe('Album');
    await page.waitUntilGone(byRole('button', 'Add'));
    await page.click(byRole('link', 'CD 1', { within: byRole('grid') }));
    await page.see(byRole('link', 'inner.txt', { within: byRole('grid') }));
    await expectAccessible(page);
    await page.click(byRole('link', 'Album', { within: crumbs }));
    await page.click(byRole('button', 'More for notes.txt'));
    await page.see(byRole('menuitem', 'Download'));
    await page.waitUntilGone(byRole('menuitem', 'Share…'));
    await page.press('Escape');
    await page.click(byRole('button', 'This folder'));
    const zip = await page.attribute(byRole('menuitem', 'Download this folder'), 'href');
    expect((await fetch(playhead.url + zip!)).headers.get('Content-Type')).toBe('application/zip');
    await page.see(byRole('menuitem', 'Play all'));
    await page.press('Escape');
    await page.open(`${url}/browse/Music/Album/notes.txt`);
    await page.waitFor(`return document.body.innerText.includes('notes')`);
    await page.see(byRole('heading', 'notes.txt'));
  });

  it('hands out a song alone, and asks for nothing beside it', async (page) => {
    await page.open(await linkTo(page, 'Music/Album/01 song.mp3', 3600));
    await page.see(byRole('heading', '01 song.mp3'));
    await page.waitFor(
      `return performance.getEntriesByType('resource').some(({ name }) => name.includes('/stream/'))`,
    );
    await expectAccessible(page);
  });

  it('hands out a film alone that does not play, and says why without a panel for it', async (page) => {
    page.allowErrors(/decod|demux|media|NS_ERROR|Failed to load/i);
    await page.open(await linkTo(page, 'damaged.mp4', 3600));
    await page.see(byRole('button', 'Open in VLC'));
    await page.waitUntilGone(byRole('button', 'Details of the file'));
  });

  it('says so when a link has expired, opens nothing, or was revoked', async (page) => {
    // The answer to what opens nothing is 403, which browsers tell on the console.
    page.allowErrors(/403/);
    const other = await linkTo(page, 'Music', 3600);
    const url = await linkTo(page, FILM, 1);
    await wait(1100);
    await page.open(url);
    await page.see(byRole('heading', 'This link has expired'));
    await expectAccessible(page);
    await page.open(`${url.slice(0, -4)}AAAA`);
    await page.see(byRole('heading', 'This link does not work'));

    await logIn(page);
    await page.open(`${playhead.url}/links`);
    await page.see(byRole('button', 'Copy the link to Music'));
    await expectAccessible(page);
    await page.click(byRole('button', 'Revoke the link to Music'));
    await page.click(byRole('button', 'Revoke', { within: byRole('dialog') }));
    await page.waitUntilGone(byRole('button', 'Revoke the link to Music'));
    await page.open(other);
    await page.see(byRole('heading', 'This link does not work'));
  });
});
