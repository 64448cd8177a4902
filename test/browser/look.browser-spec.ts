import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { byRole, type Page } from '../support/browser/page.js';
import { HOSTILE_DOCUMENTS } from '../support/hostile-content.js';
import { makeFolder, type Playhead, startPlayhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

let root: string;
let playhead: Playhead;
/** The page by a signed link. */
let shared: string;
/** A server of somebody else, which nothing here may ask. */
let elsewhere: Server;
let asked: (string | undefined)[] = [];

/** As cameras write it: the picture lies on its side, and the orientation of EXIF (CIPA DC-008, 4.6.5) says so. */
async function turnedPicture(): Promise<Buffer> {
  const picture = await readFile(path.join(SAMPLES, 'pictures/test-pattern.jpg'));
  const exif = Buffer.from('45786966000049492a0008000000010012010300010000000600000000000000', 'hex');
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([picture.subarray(0, 2), head, exif, picture.subarray(2)]);
}

const markdown = (site: string) => `# Notes

[to the end](#the-end) [text](sub/text.txt) [bad](javascript:window.ran=1) [other](${site}/page)

![near](b-turned.jpg) ![far](${site}/tracker.png)

<script>window.ran = 1</script>
<img src="b-turned.jpg" onerror="window.ran = 1" onload="window.ran = 1" style="position:fixed" class="skip-link">
<iframe src="${site}/frame"></iframe><svg onload="window.ran = 1"></svg><img srcset="${site}/set.png 2x">
<form action="${site}/form"><button>Send</button></form>

${'More.\n\n'.repeat(60)}## The end
`;

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    asked.push(request.url);
    response.end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const site = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;

  root = await makeFolder();
  const files: Record<string, string | Uint8Array> = {
    'pictures/a-drawing.svg': HOSTILE_DOCUMENTS['drawing.svg']!.replace('><', ' viewBox="0 0 40 30"><'),
    'pictures/b-turned.jpg': await turnedPicture(),
    'pictures/c-broken.jpg': Buffer.from('ffd8ffe000', 'hex'),
    'pictures/readme.md': markdown(site),
    'pictures/sub/text.txt': 'plain',
    'texts/big.log': 'a line of a log that never ends\n'.repeat(1_600_000),
    'texts/code.py': 'def answer():\n    return "42"  # known\n',
    'texts/empty.txt': '',
    'texts/COPYING.unknown': 'all may copy',
    'texts/gb.txt': Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3),
    'texts/binary.txt': Uint8Array.from({ length: 64 }, (_, index) => index % 5),
    'texts/page.html': HOSTILE_DOCUMENTS['page.html']!,
    'texts/pack.zip': Buffer.from('504b0506000000000000000000000000000000000000', 'hex'),
  };
  for (const folder of ['pictures/sub', 'texts']) await mkdir(path.join(root, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(root, name), content);
  await cp(path.join(SAMPLES, 'documents/sample.pdf'), path.join(root, 'texts/sample.pdf'));
  playhead = await startPlayhead({ root, users: [user('alice', 'right', '/:r')] });
  const { json } = await playhead.http.send('/api/v1/links', {
    method: 'POST',
    headers: { ...basic('alice', 'right'), 'Content-Type': 'application/json' },
    body: JSON.stringify({ path: 'pictures' }),
  });
  shared = playhead.url + (json.prefix as string);
});
afterAll(async () => {
  await playhead.close();
  elsewhere.close();
  elsewhere.closeAllConnections();
  await rm(root, { recursive: true, force: true });
});

/** Answers some requests in place of the server, or lets it go on. @returns what ends that */
function intercept(
  isMeant: (url: string) => boolean,
  answer: (response: ServerResponse, goOn: () => void) => void,
): () => void {
  const server = playhead.app.getHttpServer() as Server;
  const usual = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const goOn = () => usual.forEach((listener) => void listener.call(server, request, response));
    if (isMeant(request.url ?? '')) answer(response, goOn);
    else goOn();
  });
  return () => {
    server.removeAllListeners('request');
    for (const listener of usual) server.on('request', listener);
  };
}

const open = (page: Page, file: string) => page.open(`${playhead.url}/browse/${file}`);
const shows = (text: string) => `return document.body.innerText.includes(${JSON.stringify(text)})`;
const picture = '.viewer img';
const sizeOf = (page: Page) =>
  page.waitFor<[number, number]>(
    `const img = document.querySelector('${picture}'); return img?.complete && [img.naturalWidth, img.naturalHeight]`,
  );

describePages('the viewers', ({ engine, it }) => {
  it('show pictures the right way up, zoom them, and lead to the next by keys', async (page) => {
    await page.viewport('desktop');
    await open(page, 'pictures/b-turned.jpg');
    const [width, height] = await sizeOf(page);
    expect(height).toBeGreaterThan(width);
    await expectAccessible(page);
    await page.click(byRole('button', 'Zoom in'));
    const scale = `return new DOMMatrix(getComputedStyle(document.querySelector('${picture}')).transform).a`;
    expect(await page.browser.run(scale)).toBeCloseTo(1.5);
    await page.press('ArrowRight');
    expect(await page.url()).toContain('b-turned.jpg');
    await page.press('?');
    await page.see(byRole('dialog', 'Keys'));
    await expectAccessible(page);
    await page.press('Escape');
    await page.waitUntilGone(byRole('dialog', 'Keys'));
    await page.press('0');
    await page.press('ArrowLeft');
    await page.waitFor(`return location.pathname.endsWith('a-drawing.svg')`);
    await sizeOf(page);
    await page.press('ArrowRight');
    await page.waitFor(`return location.pathname.endsWith('b-turned.jpg')`);
  });

  it('say that a picture is broken', async (page) => {
    await page.viewport('phone');
    // WebKit tells the console, too.
    page.allowErrors(/c-broken\.jpg/);
    await open(page, 'pictures/c-broken.jpg');
    await page.see(byRole('heading', 'This browser cannot show this picture'));
    await expectAccessible(page);
    await page.viewport('desktop');
  });

  it('run nothing of a document', async (page) => {
    // That it was kept from running is what some consoles report.
    page.allowErrors(/Content.Security.Policy|sandbox|inline/i);
    asked = [];
    await open(page, 'pictures/a-drawing.svg');
    await sizeOf(page);
    await open(page, 'texts/page.html');
    await page.click(byRole('button', 'Preview'));
    await page.waitFor(
      `await new Promise((done) => setTimeout(done, 500)); return document.querySelector('iframe')`,
    );
    await open(page, 'pictures/readme.md');
    await page.see(byRole('heading', 'Notes'));
    await page.waitFor(`await new Promise((done) => setTimeout(done, 500)); return true`);
    const state = `const article = document.querySelector('article');
      const all = [...article.querySelectorAll('*')];
      return { ran: window.ran ?? 0, parts: article.querySelectorAll('script, iframe, svg, form, [style], [class], [srcset]').length,
        handlers: all.filter((one) => one.getAttributeNames().some((name) => name.startsWith('on'))).length,
        bad: [...article.querySelectorAll('a')].find((one) => one.textContent === 'bad').hasAttribute('href') }`;
    expect(await page.browser.run(state)).toEqual({ ran: 0, parts: 0, handlers: 0, bad: false });
    expect(asked).toEqual([]);
    expect(playhead.log.filter(({ path: target }) => String(target).includes('stolen'))).toEqual([]);
  });

  it('lead from Markdown to files and headings, also by a signed link', async (page) => {
    page.allowErrors(/Content.Security.Policy|inline/i);
    for (const prefix of [playhead.url, shared]) {
      await page.open(`${prefix}/browse/pictures/readme.md`);
      await page.see(byRole('heading', 'Notes'));
      await page.waitFor(`return document.querySelector('article img').naturalWidth > 0`);
      expect(await page.attribute(byRole('link', 'far'), 'target')).toBe('_blank');
      await page.click(byRole('link', 'to the end'));
      await page.waitFor(`return document.activeElement.textContent === 'The end'`);
      await page.click(byRole('link', 'text'));
      await page.waitFor(shows('plain'));
      expect(await page.url()).toBe(`${prefix}/browse/pictures/sub/text.txt`);
    }
  });

  it('show the beginning of a large text, and more of it on demand', async (page) => {
    await open(page, 'texts/big.log');
    await page.waitFor(shows('a line of a log'));
    const length = `return document.querySelector('pre').textContent.length`;
    expect(await page.browser.run(length)).toBe(262_144);
    await page.click(byRole('button', 'Show more'));
    await page.waitFor(`return document.querySelector('pre').textContent.length === 524288`);
  });

  it('show a text that changes as it is, though the colours of what it was come later', async (page) => {
    const file = path.join(root, 'texts/changes.rb');
    await writeFile(file, '# before');
    const held: (() => void)[] = [];
    const end = intercept(
      (url) => url.startsWith('/assets/ruby'),
      (_response, goOn) => held.push(goOn),
    );
    try {
      await open(page, 'texts');
      await page.click(byRole('link', 'changes.rb'));
      await page.waitFor(shows('# before'));
      // Too long for colours, and there at once.
      await writeFile(`${file}.new`, '# after\n'.repeat(26_000));
      await rename(`${file}.new`, file);
      const isNew = `return document.querySelector('pre').textContent.length === 208_000`;
      await page.waitFor(isNew);
      expect(held).toHaveLength(1);
      held.forEach((goOn) => goOn());
      await page.waitFor(
        `return performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/ruby'))`,
      );
      await sleep(200);
      expect(await page.browser.run(isNew)).toBe(true);
    } finally {
      end();
    }
  });

  it('say that a text cannot be read, and read it when asked again', async (page) => {
    // The Markdown has what is kept from running.
    page.allowErrors(/503|Content.Security.Policy|inline/i);
    for (const [file, text] of [
      ['texts/code.py', 'def answer'],
      ['pictures/readme.md', 'to the end'],
    ] as const) {
      const answerAgain = intercept(
        (url) => url === `/files/${file}`,
        (response) => response.writeHead(503).end(),
      );
      try {
        await open(page, file);
        await page.see(byRole('alert'));
      } finally {
        answerAgain();
      }
      await page.click(byRole('button', 'Try again'));
      await page.waitFor(shows(text));
      await page.waitUntilGone(byRole('alert'));
    }
  });

  it('show code in colours that can be read, and texts of all kinds', async (page) => {
    await page.viewport('phone');
    await open(page, 'texts/code.py');
    await page.see({ selector: '.hljs-keyword', nth: 0 });
    await expectAccessible(page);
    for (const [name, text] of [
      ['empty.txt', 'This file is empty.'],
      ['gb.txt', '你好'],
      ['binary.txt', 'This is not text'],
      ['pack.zip', 'Download the archive to look into it.'],
    ] as const) {
      await open(page, `texts/${name}`);
      await page.waitFor(shows(text));
    }
    await expectAccessible(page);
    await open(page, 'texts/COPYING.unknown');
    await page.click(byRole('button', 'Show as text'));
    await page.waitFor(shows('all may copy'));
    await page.viewport('desktop');
  });

  it('show PDF, or say that there is no viewer', async (page) => {
    // The viewers of browsers are pages of their own, with errors of their own.
    page.allowErrors(/pdf|sandbox/i);
    await open(page, 'texts/sample.pdf');
    const found = await page.waitFor<string>(
      `const frame = document.querySelector('.viewer iframe');
       return frame ? 'viewer' : document.body.innerText.includes('This browser has no PDF viewer') && 'none'`,
    );
    if (engine === 'chromium') expect(found).toBe('viewer');
    const has = await page.browser.run('return navigator.pdfViewerEnabled');
    expect(found).toBe(has && engine !== 'webkit' ? 'viewer' : 'none');
  });
});
