import { cp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser } from '../support/browser/engines.js';
import { probe, type PlayReport } from '../support/browser/play-probe.js';
import { ENGINES } from '../support/browser/play-repaired.js';
import { makeFilm } from '../support/make-film.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';
import { HEVC, MEDIA, SAMPLE_DURATION, SAMPLES, fileUrl, streamUrl } from '../support/samples.js';
import { startLink, totalsUntil, type Link, type LinkRequest } from '../support/slow-link.js';

const PAGE = fileUrl('documents/notes.txt');

/** Through the narrow line each of them takes five seconds. */
const FILM = { name: 'film.mp4', duration: 40, bitRate: 2000, codec: 'h264' } as const;
const BYTES_PER_SECOND = 2_000_000;
const MOOV_LAST = ['film.mp4', 'film.mov'];
const SMALL_MOOV_LAST = MEDIA.filter(({ path }) => /moov-last|quicktime/.test(path));

describe.each(ENGINES)('in %s', (engine) => {
  const missing = [...missingPrograms(engine), ...(findProgram(['ffmpeg']) ? [] : ['ffmpeg'])];
  if (missing.length > 0) {
    it.skip(`what /stream sends plays (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let folder: string;
  let playhead: Playhead;
  let browser: Browser;
  /** In front of the server, as it is; without ranges; and without ranges on a narrow line. */
  let direct: Link;
  let rangeless: Link;
  let narrow: Link;
  beforeAll(async () => {
    folder = await makeFolder();
    await cp(SAMPLES, folder, { recursive: true });
    const film = await makeFilm(folder, FILM);
    await run('ffmpeg', ['-v', 'error', '-i', film, '-c', 'copy', path.join(folder, 'film.mov')]);
    playhead = await startPlayhead({ root: folder });
    const { port } = playhead;
    direct = await startLink({ port });
    rangeless = await startLink({ port, stripsRanges: true });
    narrow = await startLink({ port, stripsRanges: true, bytesPerSecond: BYTES_PER_SECOND });
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    for (const link of [direct, rangeless, narrow]) await link?.close();
    await playhead?.close();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  interface Attempt {
    readonly report: PlayReport;
    readonly requests: readonly LinkRequest[];
  }
  /** One more try: an engine may stall on a busy machine, and a server that is wrong is wrong twice. */
  async function play(
    link: Link,
    url: string,
    tag: 'video' | 'audio',
    { seek = 0, timeoutMs = 20_000, isGood = ({ report }: Attempt) => report.played } = {},
  ): Promise<Attempt> {
    for (let tries = 1; ; tries++) {
      const before = link.requests.length;
      const report = await probe(browser, {
        page: link.url + PAGE,
        src: link.url + url,
        tag,
        seek,
        timeoutMs,
      });
      const attempt = { report, requests: link.requests.slice(before).filter(({ path }) => path === url) };
      if (isGood(attempt) || tries === 2) return attempt;
    }
  }
  const bytesBeforeFirstFrame = ({ report, requests }: Attempt) =>
    totalsUntil(requests, report.firstShownAt ?? Infinity).bytes;

  it.each(MEDIA.map((sample) => [sample.path, sample] as const))(
    '%s plays, shows its duration and seeks',
    async (_, sample) => {
      const { report, requests } = await play(direct, streamUrl(sample.path), sample.tag, {
        seek: 0.8,
        isGood: ({ report }) => report.playedAfterSeek,
      });
      expect(report).toMatchObject({ error: null, playRejected: null, played: true });
      // Chromium has no decoder for HEVC here, and no repair makes one.
      if (sample.tag === 'video' && !(sample === HEVC && engine === 'chromium'))
        expect(report.videoWidth).toBeGreaterThan(0);
      expect(Math.abs(Number(report.duration) - SAMPLE_DURATION)).toBeLessThan(0.5);
      expect(Math.abs(report.seekedTo! - report.seekTarget!)).toBeLessThan(1);
      expect(report.playedAfterSeek).toBe(true);
      expect(requests.length).toBeGreaterThan(0);
      for (const { method, range, status } of requests) {
        expect(method).toBe('GET');
        // A browser that has bytes of an earlier request may ask whether they still hold.
        if (status !== undefined) expect([range === undefined ? 200 : 206, 304]).toContain(status);
      }
    },
    60_000,
  );

  describe('behind something that breaks ranges', () => {
    it.each(SMALL_MOOV_LAST.map((sample) => [sample.path, sample] as const))(
      '%s plays',
      async (_, sample) => {
        const { report, requests } = await play(rangeless, streamUrl(sample.path), sample.tag);
        expect(report).toMatchObject({ error: null, playRejected: null, played: true });
        expect(report.videoWidth).toBeGreaterThan(0);
        for (const { status } of requests) expect([200, 304]).toContain(status);
      },
    );

    it.each(MOOV_LAST)(
      '/stream/%s starts with its first bytes',
      async (name) => {
        const { size } = await stat(path.join(folder, name));
        const attempt = await play(narrow, streamUrl(name), 'video', {
          isGood: (attempt) => bytesBeforeFirstFrame(attempt) < size / 2,
        });
        expect(attempt.report).toMatchObject({ error: null, playRejected: null, played: true });
        expect(attempt.report.firstShownAt).not.toBeNull();
        expect(bytesBeforeFirstFrame(attempt)).toBeLessThan(size / 2);
      },
      60_000,
    );

    it('/files/film.mp4 starts with its last ones, or never', async () => {
      const { size } = await stat(path.join(folder, FILM.name));
      const attempt = await play(narrow, fileUrl(FILM.name), 'video', {
        timeoutMs: (size / BYTES_PER_SECOND) * 1000 + 4000,
        isGood: () => true,
      });
      if (engine === 'webkit' && attempt.report.firstShownAt === null) {
        // It gives up or waits for ever: it does not look for moov behind what it cannot seek in.
        expect(attempt.report.played).toBe(false);
      } else {
        expect(attempt.report.firstShownAt).not.toBeNull();
        expect(bytesBeforeFirstFrame(attempt)).toBeGreaterThan(0.95 * size);
      }
    }, 60_000);
  });

  it('logs no error whatever the browser broke off', () => {
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
});
