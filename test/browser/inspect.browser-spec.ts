import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { layoutShifts } from '../support/browser/layout-shifts.js';
import { byRole, type Page } from '../support/browser/page.js';
import { makeFolder, type Playhead, startPlayhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

let root: string;
let playhead: Playhead;
let guarded: Playhead;

beforeAll(async () => {
  root = await makeFolder();
  await mkdir(path.join(root, 'video'));
  for (const engine of ['chromium', 'firefox', 'webkit'])
    await cp(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), path.join(root, `video/repair-${engine}.mp4`));
  await cp(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), path.join(root, 'video/film.mp4'));
  await cp(path.join(SAMPLES, 'video/mp4-fragmented.mp4'), path.join(root, 'video/pieces.mp4'));
  await cp(path.join(SAMPLES, 'audio/mp3-vbr-no-xing.mp3'), path.join(root, 'sound.mp3'));
  playhead = await startPlayhead({ root, write: true });
  guarded = await startPlayhead({ root });
});
afterAll(async () => {
  await playhead.close();
  await guarded.close();
  await rm(root, { recursive: true, force: true });
});

const open = (page: Page, file: string, from: Playhead = playhead) =>
  page.open(`${from.url}/browse/${file}?panel=inspect`);
const panel = byRole('complementary', 'Inspection');
const boxesOf = (page: Page, title: string) =>
  page.waitFor<string[]>(
    `const figure = [...document.querySelectorAll('figure')].find(
       (one) => one.textContent.includes(arguments[0]) && one.checkVisibility({ visibilityProperty: true }),
     );
     const rows = [...(figure?.querySelectorAll('table:first-of-type tbody th .mono') ?? [])];
     return rows.length > 0 && rows.map((row) => row.textContent)`,
    title,
  );

/** The types of the first boxes of a file. */
async function firstBoxes(file: string, count: number): Promise<string[]> {
  const bytes = await readFile(path.join(root, file));
  const types: string[] = [];
  for (let offset = 0; types.length < count && offset < bytes.length; offset += bytes.readUInt32BE(offset))
    types.push(bytes.toString('latin1', offset + 4, offset + 8));
  return types;
}

describePages('the panel of a report', ({ engine, it }) => {
  it('says whether it plays, and shows how the boxes stand here and in what is sent', async (page) => {
    await page.viewport('desktop');
    await open(page, 'video/film.mp4');
    expect(await boxesOf(page, 'As it is stored')).toEqual(['ftyp', 'free', 'mdat', 'moov']);
    expect(await boxesOf(page, 'As it is sent')).toEqual(['ftyp', 'moov', 'free', 'mdat']);
    expect(await page.text(panel)).toMatch(/In this browser\s+Index at the end/);
    expect(await page.text(panel)).toContain('The index stands behind the media');
    expect(await page.text(panel)).toContain('h264 · avc1.64000c');
    await expectAccessible(page);
  });

  it('says what every browser makes of it, and this one itself', async (page) => {
    await open(page, 'video/film.mp4');
    await page.click({ selector: 'summary', containing: 'Safari on iPhone' });
    await page.waitFor(`return document.querySelector('aside').innerText.includes('Repaired on its way')`);
    await page.click({ selector: 'summary', containing: 'What this browser says itself' });
    await page.waitFor(`return document.querySelectorAll('aside details li .badge').length >= 2`);
    expect(await page.text(panel)).toMatch(/video\/mp4; codecs="avc1\.64000c, mp4a\.40\.2"/);
  });

  it('is a sheet on a phone, and lets go of the file when it is closed', async (page) => {
    await page.viewport('phone');
    await open(page, 'video/pieces.mp4');
    expect(await boxesOf(page, 'As it is sent')).toContain('sidx');
    const fits = `return document.documentElement.scrollWidth <= innerWidth
      && document.querySelector('aside .content').scrollWidth <= innerWidth`;
    expect(await page.browser.run(fits)).toBe(true);
    await expectAccessible(page);
    await page.click({ selector: 'aside header button:last-child' });
    await page.waitUntilGone(panel);
    expect(await page.url()).not.toContain('panel');
    await page.viewport('desktop');
  });

  it('tells of what has no boxes what there is to tell', async (page) => {
    await open(page, 'sound.mp3');
    await page.see({ selector: 'strong', containing: 'It does not say how long it is' });
    await page.see({ selector: 'strong', containing: 'A header that says how long it is' });
    expect(await page.browser.run(`return document.querySelectorAll('aside figure').length`)).toBe(0);
  });

  if (engine === 'chromium')
    it('moves nothing under the pointer when the rest of it comes', async (page) => {
      for (const file of ['film.mp4', 'pieces.mp4']) {
        await open(page, `video/${file}`);
        await boxesOf(page, 'As it is sent');
        expect(await layoutShifts(page)).toEqual([]);
      }
    });

  it('asks for the file as players do', async (page) => {
    await open(page, 'video/film.mp4');
    await page.click(byRole('button', 'Test now'));
    await page.see({ selector: '[role=status]', containing: 'All is well' });
    const counts = `return ['ok', 'failed'].map((name) => document.querySelectorAll('aside [aria-label=' + name + ']').length)`;
    expect(await page.browser.run(counts)).toEqual([20, 0]);
    await expectAccessible(page);
  });

  it('repairs the file on disk, and shows the new report', async (page) => {
    const file = `video/repair-${engine}.mp4`;
    await open(page, file);
    expect(await boxesOf(page, 'As it is stored')).toEqual(['ftyp', 'free', 'mdat', 'moov']);
    await page.click({ selector: 'label', containing: 'Keep the original' });
    await page.click(byRole('button', 'Repair on disk'));
    await page.see({ selector: '[role=status]', containing: 'Repaired.' });
    await page.waitFor(
      `return document.querySelector('aside').textContent.includes('Nothing is wrong with it')`,
    );
    expect(await boxesOf(page, 'As it is stored')).toEqual(['ftyp', 'moov', 'free', 'mdat']);
    expect(await firstBoxes(file, 4)).toEqual(['ftyp', 'moov', 'free', 'mdat']);
    expect(await firstBoxes(`video/repair-${engine}.orig.mp4`, 4)).toEqual(['ftyp', 'free', 'mdat', 'moov']);
  });

  it('does not offer that to who may not write', async (page) => {
    await open(page, 'video/film.mp4', guarded);
    await page.see({ selector: 'strong', containing: 'Index to the front' });
    expect(await page.text(panel)).not.toContain('Repair on disk');
  });
});
