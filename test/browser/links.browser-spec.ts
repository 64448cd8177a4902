import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser } from '../support/browser/engines.js';
import { probe } from '../support/browser/play-probe.js';
import { ENGINES } from '../support/browser/play-repaired.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLE_DURATION, SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

/** Reads a playlist, and the segment that it names by a relative URL. */
const FOLLOW = `
  const playlist = await fetch(arguments[0]);
  const name = (await playlist.text()).trim().split('\\n').pop();
  const segment = await fetch(new URL(name, playlist.url));
  return { status: segment.status, text: await segment.text(), cookie: document.cookie };
`;

describe.each(ENGINES)('a link in %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`plays (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let root: string;
  let playhead: Playhead;
  let browser: Browser;
  /** Of the folder, by a link. */
  let base: string;
  beforeAll(async () => {
    root = await makeFolder();
    await mkdir(path.join(root, 'film/segments'), { recursive: true });
    await cp(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), path.join(root, 'film/film.mp4'));
    await writeFile(path.join(root, 'film/page.txt'), 'a page');
    await writeFile(path.join(root, 'film/index.m3u8'), '#EXTM3U\n#EXTINF:1,\nsegments/1.ts\n');
    await writeFile(path.join(root, 'film/segments/1.ts'), 'segment');
    playhead = await startPlayhead({ root, anonymous: false, users: [user('alice', 'right', '/:r')] });
    const { json } = await playhead.http.send('/api/v1/links', {
      method: 'POST',
      headers: { ...basic('alice', 'right'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ path: 'film' }),
    });
    base = playhead.url + (json.prefix as string);
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
    await rm(root, { recursive: true, force: true });
  }, 30_000);

  it('plays and seeks a film that had to be repaired, without a session', async () => {
    const request = {
      page: `${base}/files/film/page.txt`,
      src: `${base}/stream/film/film.mp4`,
      tag: 'video',
    } as const;
    let report = await probe(browser, request);
    // One more try: an engine may stall on a busy machine.
    if (!report.playedAfterSeek) report = await probe(browser, request);
    expect(report).toMatchObject({ played: true, playedAfterSeek: true, error: null });
    expect(report.duration).toBeCloseTo(SAMPLE_DURATION, 0);
    expect((await playhead.http.get('/stream/film/film.mp4')).status).toBe(401);
  }, 60_000);

  it('opens what a playlist names by relative URLs', async () => {
    await browser.goto(`${base}/files/film/page.txt`);
    const found = await browser.run(FOLLOW, `${base}/files/film/index.m3u8`);
    expect(found).toEqual({ status: 200, text: 'segment', cookie: '' });
  }, 30_000);
});
