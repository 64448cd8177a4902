import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { CutLine } from '../support/cut-line.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { user } from '../support/users.js';

const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];
const CLIENT = path.join(import.meta.dirname, '../../node_modules/tus-js-client/dist/tus.min.js');
const SIZE = 6_000_000;

/** The bytes that the page makes for itself. */
const bytes = Buffer.alloc(SIZE);
for (let at = 0; at < SIZE; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff;

/** Logs in, uploads, and tells how it ended, and what HEAD said meanwhile. */
const UPLOAD = `
  const [endpoint, path] = arguments;
  const login = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'alice', password: 'a' }),
  });
  const bytes = new Uint8Array(${SIZE});
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  const offsets = [];
  const outcome = await new Promise((resolve) => {
    const upload = new window.tus.Upload(new Blob([bytes]), {
      endpoint,
      metadata: { path },
      retryDelays: [0, 200, 1000, 1000],
      storeFingerprintForResuming: false,
      onAfterResponse: (request, response) => {
        if (request.getMethod() === 'HEAD' && response.getStatus() === 200)
          offsets.push(Number(response.getHeader('Upload-Offset')));
      },
      onError: (error) => resolve(String(error)),
      onSuccess: () => resolve('success'),
    });
    upload.start();
  });
  return { login: login.status, outcome, offsets };
`;

describe.each(ENGINES)('an upload by %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`goes on after a cut (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  let client: string;
  beforeAll(async () => {
    playhead = await startPlayhead({ users: [user('alice', 'a', '/:rwd')] });
    browser = await openBrowser(engine);
    client = await readFile(CLIENT, 'utf8');
    await writeFile(path.join(playhead.root, 'page.txt'), 'a page');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
  }, 30_000);

  const upload = (endpoint: string, name: string) =>
    browser.run<{ readonly login: number; readonly outcome: string; readonly offsets: number[] }>(
      `${client}\n${UPLOAD}`,
      endpoint,
      name,
    );

  it('goes on after a cut, with the cookie of a session', async () => {
    const line = await CutLine.to(playhead.port, 2_500_000, 1);
    try {
      await browser.goto(`http://127.0.0.1:${line.port}/files/page.txt`);
      const { login, outcome, offsets } = await upload('/api/v1/uploads', 'films/film');
      expect({ login, outcome, cuts: line.cuts }).toEqual({ login: 200, outcome: 'success', cuts: 1 });
      expect(offsets.length).toBeGreaterThan(0);
      for (const offset of offsets) expect(offset).toBeGreaterThan(0);
      const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
      expect(digest(await readFile(path.join(playhead.root, 'films/film')))).toBe(digest(bytes));
    } finally {
      line.close();
    }
  }, 60_000);

  it('does not begin from a page of another site', async () => {
    await browser.goto(`http://localhost:${playhead.port}/files/page.txt`);
    const { login, outcome } = await upload(`http://127.0.0.1:${playhead.port}/api/v1/uploads`, 'stolen');
    expect(login).toBe(200);
    expect(outcome).not.toBe('success');
    await expect(readFile(path.join(playhead.root, 'stolen'))).rejects.toThrow();
  }, 60_000);
});
