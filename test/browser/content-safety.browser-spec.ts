import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';

const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/** What an attacker would try first: any request it makes shows in the log. */
const script = (url: string) => `new Image().src = '${url}/files/stolen'; fetch('${url}/files/stolen');`;
const html = (url: string) => `<!doctype html><body onload="${script(url)}"><script>${script(url)}</script>`;
const svg = (url: string) => `<svg xmlns="http://www.w3.org/2000/svg"><script>${script(url)}</script></svg>`;

describe.each(ENGINES)('stored content in %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`runs no script (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    playhead = await startPlayhead();
    browser = await openBrowser(engine);
    await writeFile(path.join(playhead.root, 'page.html'), html(playhead.url));
    await writeFile(path.join(playhead.root, 'drawing.svg'), svg(playhead.url));
    await writeFile(
      path.join(playhead.root, 'page.xhtml'),
      `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${script(playhead.url)}</script></body></html>`,
    );
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
  }, 30_000);

  async function thefts(url: string): Promise<number> {
    const before = playhead.log.length;
    // A sandboxed document may refuse the driver too; whether it was fetched is asked of the server.
    await browser.goto(url).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 700));
    return playhead.log.slice(before).filter(({ path: target }) => target === '/files/stolen').length;
  }

  it.each(['page.html', 'drawing.svg', 'page.xhtml'])(
    '%s runs no script',
    async (name) => {
      expect(await thefts(`${playhead.url}/files/${name}`)).toBe(0);
      expect(playhead.log.find(({ path: target }) => target === `/files/${name}`)).toMatchObject({
        status: 200,
      });
    },
    30_000,
  );

  it('would run it without the policy', async () => {
    const naive = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(html(playhead.url));
    });
    await new Promise<void>((resolve) => naive.listen(0, '127.0.0.1', resolve));
    try {
      expect(await thefts(`http://127.0.0.1:${(naive.address() as AddressInfo).port}/`)).toBeGreaterThan(0);
    } finally {
      naive.closeAllConnections();
      naive.close();
    }
  }, 30_000);
});
