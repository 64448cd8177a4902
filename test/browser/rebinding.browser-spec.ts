import http, { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

/** WebKitGTK cannot be told where a name leads. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
const FILM = '/files/video/mp4-moov-first.mp4';

/** Asks in every way a page has, disguised as far as it may; resolves to what came of each. */
const ASK = `
  const [film] = arguments;
  const status = async (options) => (await fetch(film, options)).status;
  const element = (name) => new Promise((resolve) => {
    const media = document.createElement(name);
    media.onloadeddata = media.onload = () => resolve('read');
    media.onerror = () => resolve('refused');
    media.muted = true;
    media.preload = 'auto';
    media.src = film + '?' + name;
    document.body.append(media);
  });
  const request = new XMLHttpRequest();
  request.open('GET', film, false);
  request.setRequestHeader('Range', 'bytes=0-9');
  request.send();
  return {
    plain: await status({ cache: 'no-store' }),
    range: await status({ cache: 'no-store', headers: { Range: 'bytes=0-9' } }),
    disguised: await status({
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      headers: {
        'User-Agent': 'curl/8', 'Accept-Language': '', 'Accept-Encoding': '', Range: 'bytes=0-9',
        Via: '1.1 proxy', 'Sec-Fetch-Site': 'none', Host: 'localhost', 'X-Forwarded-Host': 'localhost',
      },
    }),
    head: await status({ method: 'HEAD' }),
    request: request.status,
    video: await element('video'),
    changing: (await fetch('/api/v1/session', { method: 'DELETE' })).status,
  };
`;

describe.each(ENGINES)('a page in %s whose own name leads here', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`gets nothing (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  let front: Server;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    front = await twoServersOfOneName(playhead.port);
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    front?.closeAllConnections();
    front?.close();
    await playhead?.close();
  }, 30_000);

  const ask = async (host: string) => {
    await browser.goto(`http://${host}:${(front.address() as AddressInfo).port}/attack`);
    return browser.run(ASK, FILM);
  };

  it('reads nothing and changes nothing, however it asks', async () => {
    expect(await ask('rebound.example')).toEqual({
      plain: 421,
      range: 421,
      disguised: 421,
      head: 421,
      request: 421,
      video: 'refused',
      changing: 421,
    });
    expect(playhead.log.filter(({ status }) => Number(status) < 400)).toEqual([]);
  }, 60_000);

  it('is a page like any other by an address', async () => {
    expect(await ask('127.0.0.1')).toEqual({
      plain: 200,
      range: 206,
      disguised: 206,
      head: 200,
      request: 206,
      video: 'read',
      changing: 204,
    });
  }, 60_000);
});

/** As a name that led elsewhere when the page was loaded, and leads to Playhead since: every request as the browser made it. */
async function twoServersOfOneName(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/attack') {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>page</title>');
      return;
    }
    const { method, url, rawHeaders } = request;
    const passed = http.request({
      host: '127.0.0.1',
      port,
      method: method!,
      path: url!,
      headers: rawHeaders,
      agent: false,
    });
    passed.on('error', () => response.destroy());
    passed.on('response', (reply) => {
      response.writeHead(reply.statusCode!, reply.rawHeaders);
      reply.on('error', () => response.destroy());
      reply.pipe(response);
    });
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
