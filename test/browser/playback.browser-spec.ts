import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser, type Engine } from '../support/browser/engines.js';
import { probe, type PlayReport } from '../support/browser/play-probe.js';
import { startPlayhead, type LogLine, type Playhead } from '../support/playhead.js';
import {
  fileUrl,
  FRAGMENTED,
  HEVC,
  MEDIA,
  SAMPLE_DURATION,
  SAMPLES,
  VBR_WITHOUT_XING,
  type Sample,
} from '../support/samples.js';

/** A page of the server's own origin that no content security policy restricts. */
const PAGE = '/files/documents/notes.txt';
const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/** What the file itself does not allow, whoever serves it: its duration cannot be known, or there is no decoder. */
const isUnknowable = (sample: Sample, engine: Engine) =>
  sample === VBR_WITHOUT_XING || (sample === FRAGMENTED && engine === 'webkit');
const hasNoPicture = (sample: Sample, engine: Engine) => sample === HEVC && engine === 'chromium';

describe.each(ENGINES)('in %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`every sample plays (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
  }, 30_000);

  /** One more try: an engine may stall on a busy machine, and a server that is wrong is wrong twice. */
  async function play(
    sample: Sample,
    origin = playhead.url,
  ): Promise<{ report: PlayReport; requests: LogLine[] }> {
    for (let attempt = 1; ; attempt++) {
      const before = playhead.log.length;
      const src = playhead.url + fileUrl(sample.path);
      const isHopeless = isUnknowable(sample, engine);
      const report = await probe(browser, {
        page: origin + (origin === playhead.url ? PAGE : '/'),
        src,
        tag: sample.tag,
        timeoutMs: isHopeless ? 5000 : 20_000,
      });
      const requests = playhead.log.slice(before).filter(({ path }) => path === fileUrl(sample.path));
      if (report.playedAfterSeek || isHopeless || attempt === 2) return { report, requests };
    }
  }

  it.each(MEDIA.map((sample) => [sample.path, sample] as const))(
    '%s plays, shows its duration and seeks',
    async (_, sample) => {
      const { report, requests } = await play(sample);
      expect(report).toMatchObject({ error: null, playRejected: null, played: true });
      if (sample.tag === 'video' && !hasNoPicture(sample, engine))
        expect(report.videoWidth).toBeGreaterThan(0);
      if (!isUnknowable(sample, engine)) {
        expect(Math.abs(Number(report.duration) - SAMPLE_DURATION)).toBeLessThan(0.5);
        expect(Math.abs(report.seekedTo! - report.seekTarget!)).toBeLessThan(1);
        expect(report.playedAfterSeek).toBe(true);
      }
      expect(requests.length).toBeGreaterThan(0);
      for (const { method, range, status } of requests) {
        expect(method).toBe('GET');
        // A browser that has bytes of an earlier request may ask whether they still hold.
        expect([range === undefined ? 200 : 206, 304]).toContain(status);
      }
    },
    60_000,
  );

  it('a film plays and seeks in a page of another site', async () => {
    const site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>another site</title><body>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    try {
      const { report } = await play(MEDIA[1]!, `http://127.0.0.1:${(site.address() as AddressInfo).port}`);
      expect(report).toMatchObject({ error: null, played: true, playedAfterSeek: true });
      expect(report.videoWidth).toBeGreaterThan(0);
    } finally {
      await close(site);
    }
  }, 60_000);

  it('logs no error whatever the browser broke off', () => {
    expect(playhead.log.filter(({ level }) => level >= 40)).toEqual([]);
  });
});

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
