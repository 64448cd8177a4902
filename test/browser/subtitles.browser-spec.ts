import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser } from '../support/browser/engines.js';
import { ENGINES } from '../support/browser/play-repaired.js';
import { encodeText } from '../support/encode-text.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

const CUE = '<i>你好</i>，我的朋友 & 我们\n今天要去哪里？';
/** In the wrong order, and with what WebVTT has not. */
const FILE =
  '2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}<font color="red">再见</font>\r\n\r\n' +
  `1\r\n00:00:01,000 --> 00:00:02,500\r\n${CUE.replace('\n', '\r\n')}\r\n`;

/** Shows a film with the subtitles that the API lists for it, and tells their cues. */
const SHOW = `
  const { subtitles } = await (await fetch(arguments[0])).json();
  const video = document.createElement('video');
  const element = document.createElement('track');
  element.src = subtitles[0].links.webvtt;
  element.srclang = subtitles[0].language;
  element.default = true;
  const loaded = new Promise((resolve) => {
    element.onload = () => resolve('load');
    element.onerror = () => resolve('error');
    setTimeout(() => resolve('nothing'), 10000);
  });
  video.append(element);
  video.src = arguments[1];
  document.body.append(video);
  element.track.mode = 'showing';
  const event = await loaded;
  const cues = [...(element.track.cues ?? [])].map((cue) =>
    ({ start: cue.startTime, end: cue.endTime, text: cue.text, shown: cue.getCueAsHTML().textContent, line: cue.line }));
  return { event, language: subtitles[0].language, cues };
`;

describe.each(ENGINES)('subtitles in %s', (engine) => {
  const missing = missingPrograms(engine);
  if (missing.length > 0) {
    it.skip(`are shown (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let root: string;
  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    root = await makeFolder();
    await cp(path.join(SAMPLES, 'video/mp4-moov-first.mp4'), path.join(root, 'film.mp4'));
    await writeFile(path.join(root, 'film.chs.srt'), encodeText(FILE, 'gb18030'));
    await writeFile(path.join(root, 'page.txt'), 'a page');
    playhead = await startPlayhead({ root });
    browser = await openBrowser(engine);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
    await rm(root, { recursive: true, force: true });
  }, 30_000);

  it('are those of a SubRip file in GBK, cue by cue', async () => {
    await browser.goto(`${playhead.url}/files/page.txt`);
    const shown = await browser.run(SHOW, '/api/v1/subtitles/film.mp4', '/stream/film.mp4');
    expect(shown).toEqual({
      event: 'load',
      language: 'zh-Hans',
      cues: [
        {
          start: 1,
          end: 2.5,
          text: CUE.replace('&', '&amp;'),
          shown: '你好，我的朋友 & 我们\n今天要去哪里？',
          line: 'auto',
        },
        { start: 3, end: 4, text: '再见', shown: '再见', line: 0 },
      ],
    });
  }, 30_000);
});
