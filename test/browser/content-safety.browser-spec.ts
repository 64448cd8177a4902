import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { HOSTILE_DOCUMENTS, HOSTILE_PARTS, HTML, pdf } from '../support/hostile-content.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { user } from '../support/users.js';

const run = promisify(execFile);
const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];
const DOCUMENTS = Object.keys(HOSTILE_DOCUMENTS);
/** How long scripts get to do harm, in milliseconds. */
const CHANCE = 300;

const LOG_IN = `
  const reply = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'alice', password: 'secret' }),
  });
  return reply.status;
`;
const WHO = `return (await (await fetch('/api/v1/session')).json()).name;`;
/** Shows each document in all the ways in which a page can hold another. */
const EMBED = `
  const [names] = arguments;
  const loaded = names.flatMap((name) => [['iframe', 'src'], ['object', 'data'], ['embed', 'src']].map(([tag, attribute]) => {
    const element = document.createElement(tag);
    element[attribute] = '/files/' + name + '?' + tag;
    document.body.append(element);
    return new Promise((resolve) => {
      element.onload = element.onerror = resolve;
      setTimeout(resolve, 3000);
    });
  }));
  await Promise.all(loaded);
`;
const REGISTER = `
  try {
    await navigator.serviceWorker.register('/files/evil.js');
    return 'registered';
  } catch (error) {
    return (await navigator.serviceWorker.getRegistrations()).length + ' registered';
  }
`;

describe.each(ENGINES)('stored content in %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`runs no script (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    playhead = await startPlayhead({ users: [user('alice', 'secret', '/:a')] });
    const files = { ...HOSTILE_DOCUMENTS, ...HOSTILE_PARTS, 'ours.txt': 'a text of ours' };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(playhead.root, name), text);
    await writeFile(path.join(playhead.root, 'page.pdf'), pdf("app.launchURL\\('/files/stolen'\\)"));
    browser = await openBrowser(engine);
    // A page of ours, without a policy that would save us.
    await browser.goto(`${playhead.url}/files/ours.txt`);
    expect(await browser.run(LOG_IN)).toBe(200);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
  }, 30_000);

  /** What was asked of the server since then, but for what is being shown. */
  const harmSince = (begin: number) =>
    playhead.log
      .slice(begin)
      .filter(({ path: target }) => /^\/(?:api\/|files\/(?:stolen|evil\.js))/.test(String(target)))
      .map(({ method, path: target }) => `${String(method)} ${String(target)}`);

  const stillLoggedIn = async () => {
    await browser.goto(`${playhead.url}/files/ours.txt`);
    return browser.run(WHO);
  };

  it.each([...DOCUMENTS, 'page.pdf'])(
    '%s runs no script',
    async (name) => {
      const begin = playhead.log.length;
      // A sandboxed document may refuse the driver too; whether it was fetched is asked of the server.
      await browser.goto(`${playhead.url}/files/${name}`).catch(() => undefined);
      await sleep(CHANCE);
      expect(harmSince(begin)).toEqual([]);
      expect(playhead.log.slice(begin).find(({ path: target }) => target === `/files/${name}`)).toMatchObject(
        { status: 200 },
      );
    },
    30_000,
  );

  it('runs none in a page of ours that shows it, and the login lives on', async () => {
    expect(await stillLoggedIn()).toBe('alice');
    const begin = playhead.log.length;
    await browser.run(EMBED, DOCUMENTS);
    await sleep(CHANCE);
    const shown = playhead.log.slice(begin);
    for (const name of DOCUMENTS)
      expect(shown.filter(({ path: target }) => target === `/files/${name}`).length).toBeGreaterThan(1);
    expect(harmSince(begin)).toEqual([]);
    expect(await stillLoggedIn()).toBe('alice');
  }, 30_000);

  it('does not become a service worker, even when a page of ours asks for it', async () => {
    expect(await stillLoggedIn()).toBe('alice');
    expect(await browser.run(REGISTER)).toBe('0 registered');
    const asked = playhead.log.filter(({ path: target }) => target === '/files/evil.js');
    expect(asked.map(({ status }) => status)).toEqual([403]);
  }, 30_000);

  it('still shows text', async () => {
    await browser.goto(`${playhead.url}/files/ours.txt`);
    expect(await browser.run('return document.body.innerText')).toContain('a text of ours');
  }, 30_000);

  // WebKitGTK's small browser leaves PDF to other programs.
  if (engine !== 'webkit')
    it('still shows PDF', async () => {
      await browser.goto(`${playhead.url}/files/page.pdf`).catch(() => undefined);
      let red = 0;
      for (let i = 0; i < 40 && red < 10_000; i++) {
        await sleep(250);
        red = await redPixels(await browser.screenshot());
      }
      expect(red).toBeGreaterThan(10_000);
    }, 60_000);

  it('would do all of it without the policy', async () => {
    const asked = new Set<string>();
    const naive = await listen(
      createServer(({ method, url, headers }, response) => {
        asked.add(`${method} ${url!.split('?', 1)[0]}${headers['service-worker'] ? ' as worker' : ''}`);
        response.setHeader('Content-Type', url!.endsWith('.js') ? 'text/javascript' : 'text/html').end(HTML);
      }),
    );
    try {
      await browser.goto(urlOf(naive));
      await sleep(CHANCE);
      expect([...asked]).toEqual(
        expect.arrayContaining([
          'GET /files/stolen',
          'GET /api/v1/session',
          'DELETE /api/v1/session',
          'GET /files/evil.js as worker',
        ]),
      );
    } finally {
      naive.closeAllConnections();
      naive.close();
    }
  }, 30_000);
});

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** How much of a picture is red. */
async function redPixels(png: Buffer): Promise<number> {
  const args = ['-v', 'error', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const decoding = run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
  decoding.child.stdin!.end(png);
  const { stdout: pixels } = await decoding;
  let count = 0;
  for (let at = 0; at < pixels.length; at += 3)
    if (pixels[at]! > 200 && pixels[at + 1]! < 60 && pixels[at + 2]! < 60) count++;
  return count;
}
