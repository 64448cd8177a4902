import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { expectAccessible } from '../support/browser/axe.js';
import { describePages } from '../support/browser/describe-pages.js';
import { byRole, bySelector, type Page } from '../support/browser/page.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { run } from '../support/programs.js';
import { SAMPLE_DURATION, SAMPLES } from '../support/samples.js';

/** Seconds. Long enough for the page to remember where somebody was. */
const LONG = 400;
const CUE = 'What is this, a caption?';

let root: string;
let playhead: Playhead;
beforeAll(async () => {
  root = await makeFolder();
  await makeMedia(root);
  playhead = await startPlayhead({ root, write: true });
}, 60_000);
afterAll(async () => {
  await playhead?.close();
  await rm(root, { recursive: true, force: true });
});

interface State {
  readonly src: string;
  readonly time: number;
  readonly duration: number;
  readonly paused: boolean;
  readonly width: number;
  readonly rate: number;
}

/** What is heard, or would be. */
const STATE = `
  const all = [...document.querySelectorAll('video, audio')];
  const media = all.find((one) => !one.paused) ?? all.find((one) => one.currentSrc) ?? all[0];
  return media && { src: decodeURI(media.currentSrc), time: media.currentTime, duration: media.duration,
    paused: media.paused, width: media.videoWidth ?? 0, rate: media.playbackRate };
`;
const state = (page: Page) => page.browser.run<State>(STATE);

/** Waits until it plays from about there, and goes on. */
async function expectPlaying(page: Page, from: number, within = 4): Promise<State> {
  await page.waitFor(
    `const now = (() => {${STATE}})();
     if (!now || now.paused) return false;
     if (Math.abs(now.time - arguments[0]) > arguments[1]) return false;
     window.heard ??= now.time;
     if (now.time < window.heard || now.time > window.heard + 30) window.heard = now.time;
     return now.time > window.heard + 0.1;`,
    from,
    within,
  );
  await page.browser.run('delete window.heard');
  return state(page);
}

describePages('the player', ({ engine, page, it }) => {
  beforeAll(async () => {
    await page().open(`${playhead.url}/browse`);
  }, 30_000);
  beforeEach(async () => {
    await page().viewport('desktop');
    // What Firefox logs when it cannot reach its maker.
    page().allowErrors(/RSLoader/);
    // Without an audio device Firefox gives up on sound at once.
    await page().browser.run(`localStorage.clear(); localStorage.setItem('playhead.muted', 'true')`);
  });

  it('plays a film whose moov box is last, and seeks by keys and by its bar', async (page) => {
    await page.open(`${playhead.url}/browse/films/last.mp4`);
    const playing = await expectPlaying(page, 0);
    expect(playing.duration).toBeCloseTo(SAMPLE_DURATION, 0);
    expect(playing.width).toBeGreaterThan(0);

    await page.press('k');
    await page.waitFor(`return document.querySelector('video').paused`);
    await page.press('Home');
    await page.press('l');
    await page.waitFor(`return Math.abs(document.querySelector('video').currentTime - 10) < 0.3`);
    await page.press('ArrowLeft');
    await page.waitFor(`return Math.abs(document.querySelector('video').currentTime - 5) < 0.3`);
    await page.waitFor(`return Math.abs(new URL(location).searchParams.get('t') - 5) < 0.3`);
    await page.press('.');
    await page.waitFor(`return Math.abs(document.querySelector('video').currentTime - 5.04) < 0.03`);
    await page.press('8');
    await page.press('k');
    await expectPlaying(page, 12, 2);

    await page.press('Shift+>');
    await page.waitFor(`return document.querySelector('video').playbackRate === 1.25`);
    await page.press('Shift+<');
    await page.click(bySelector('media-time-range'));
    await expectPlaying(page, SAMPLE_DURATION / 2, 2);
    await page.press('Shift+?');
    await page.see(byRole('dialog', 'Keys of the player'));
    await page.press('Escape');
    await page.waitUntilGone(byRole('dialog'));
    await page.press('k');
    await expectAccessible(page);
  });

  it('shows captions, in the language that was chosen, and remembers', async (page) => {
    await page.open(`${playhead.url}/browse/films/last.mp4`);
    await expectPlaying(page, 0);
    await page.click(byRole('button', 'Captions'));
    await page.see(byRole('menuitemradio', 'Chinese'));
    await page.click(byRole('menuitemradio', 'English'));
    const shown = `const track = [...document.querySelector('video').textTracks].find(({ mode }) => mode === 'showing');
      return track?.activeCues?.[0] && [track.label, track.activeCues[0].text]`;
    expect(await page.waitFor(shown)).toEqual(['English', CUE]);
    await page.press('k');
    // Above the controls, while they are there.
    await page.waitFor(`return [...document.querySelector('video').textTracks]
      .some(({ mode, activeCues }) => mode === 'showing' && activeCues[0]?.line < -1)`);
    // Lines are smaller on a phone, the controls are not.
    await page.viewport('phone');
    await page.waitFor(`return [...document.querySelector('video').textTracks]
      .some(({ mode, activeCues }) => mode === 'showing' && activeCues[0]?.line <= -6)`);
    await page.viewport('desktop');
    await page.open(`${playhead.url}/browse/films/next.mp4`);
    await expectPlaying(page, 0);
    expect(await page.waitFor(shown)).toEqual(['English', 'Another one']);
    await page.press('c');
    await page.waitFor(
      `return [...document.querySelector('video').textTracks].every(({ mode }) => mode !== 'showing')`,
    );
  });

  it('begins where the URL says, ends with an offer of the next film, and goes there', async (page) => {
    await page.open(`${playhead.url}/browse/films/last.mp4?t=13.5`);
    await page.waitFor(`return document.querySelector('video')?.currentTime >= 13.5`);
    await page.see(byRole('button', 'Play again'));
    await page.click(byRole('button', 'Next: next.mp4'));
    const playing = await expectPlaying(page, 0);
    expect(playing.src).toContain('/films/next.mp4');
    expect(await page.url()).toBe(`${playhead.url}/browse/films/next.mp4`);
    await page.press('p');
    await page.waitFor(`return location.pathname === '/browse/films/last.mp4'`);
  });

  it('leaves its keys to the panel beside it, and says which choices are on or off', async (page) => {
    await page.open(`${playhead.url}/browse/films/last.mp4?panel=inspect`);
    await expectPlaying(page, 0);
    await page.press('k');
    await page.waitFor(`return document.querySelector('video').paused`);
    const asItIs = `const film = document.querySelector('video'); return [film.paused, film.currentTime, film.volume]`;
    const before = await page.browser.run(asItIs);
    const panel = bySelector('aside .content');
    await page.click(byRole('button', 'Test now', { within: panel }));
    await page.see(bySelector('summary', { within: panel, nth: 0 }));
    await page.browser.run(`document.querySelector('aside summary').focus()`);
    const isOpen = await page.browser.run(`return document.querySelector('aside details').open`);
    await page.press('Space');
    await page.waitFor(`return document.querySelector('aside details').open !== arguments[0]`, isOpen);
    await page.press('ArrowDown');
    expect(await page.browser.run(asItIs)).toEqual(before);
    await page.browser.run(
      `const content = document.querySelector('aside .content'); content.scrollTop = 0; content.focus()`,
    );
    for (const key of ['Space', 'ArrowDown', 'End']) await page.press(key);
    await page.waitFor(`return document.querySelector('aside .content').scrollTop > 0`);
    expect(await page.browser.run(asItIs)).toEqual(before);
    // Letters do nothing there, so they are still the film's.
    await page.press('k');
    await page.waitFor(`return !document.querySelector('video').paused`);
    await page.click(byRole('button', 'More', { within: bySelector('media-controller') }));
    await page.see(byRole('menuitemcheckbox', 'Loop'));
    await page.see(byRole('menuitemcheckbox', 'Play the next one when this ends'));
  });

  it('keeps the focus in the file when somebody steps by a button', async (page) => {
    const focused = `return document.activeElement.getAttribute('aria-label')`;
    await page.open(`${playhead.url}/browse/films/last.mp4`);
    await page.click(byRole('button', 'Next', { within: bySelector('media-controller') }));
    await page.waitFor(`${focused} === 'next.mp4'`);
    await page.press('Tab');
    await page.waitFor(`return document.activeElement.matches('section.frame > header *')`);
    await page.click(byRole('link', 'Previous', { within: bySelector('section.frame > header') }));
    await page.waitFor(`return location.pathname === '/browse/films/last.mp4'`);
    await page.waitFor(`${focused} === 'last.mp4'`);
    await page.press('Escape');
    await page.waitFor(`return location.pathname === '/browse/films'`);
  });

  it('plays nothing of a film that is closed before its report is here', async (page) => {
    await page.open(`${playhead.url}/browse`);
    await page.browser.run(SLOW_REPORTS);
    await page.click(bySelector('a[href$="/browse/films"]'));
    await page.see(bySelector('a[href$="/last.mp4"]'));
    await page.browser.run(`
      document.querySelector('a[href$="/last.mp4"]').click();
      while (!document.querySelector('video')) await new Promise((then) => setTimeout(then, 5));
      dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }));`);
    await page.waitFor(`return location.pathname === '/browse/films' && !document.querySelector('video')`);
    // The player waits for a report for 0.8 s.
    await wait(1000);
    expect(await page.browser.run('return window.plays')).toBe(0);
  });

  it('goes on where somebody stopped in a long film, says so, and begins anew', async (page) => {
    const url = `${playhead.url}/browse/long/long.mp4`;
    await page.open(url);
    await expectPlaying(page, 0);
    await page.press('5');
    await expectPlaying(page, LONG / 2);
    await page.press('k');
    await page.waitFor(`return localStorage.getItem('playhead.positions')?.includes('long/long.mp4')`);
    await page.open(url);
    await expectPlaying(page, LONG / 2);
    await page.see(bySelector('[role=status]', { containing: 'Went on from 3:' }));
    await page.click(byRole('button', 'Start over'));
    await expectPlaying(page, 0);
  });

  it('plays a recording of variable bit rate without a Xing header for as long as it lasts', async (page) => {
    await page.open(`${playhead.url}/browse/music/vbr.mp3`);
    const playing = await expectPlaying(page, 0);
    expect(playing.duration).toBeCloseTo(SAMPLE_DURATION, 0);
    await page.see(bySelector('.player .time', { containing: '/ 0:15' }));
    await page.press('8');
    await expectPlaying(page, SAMPLE_DURATION * 0.8, 2);
  });

  it('plays what follows in the folder almost at once, and goes on while somebody browses', async (page) => {
    await page.open(`${playhead.url}/browse/music`);
    await page.browser.run(GAP);
    await page.click(bySelector('a[href$="/music/01.mp3"]'));
    await expectPlaying(page, 0, 3);
    await page.see(byRole('heading', 'First song'));
    await page.see(bySelector('.player', { containing: 'The Testers' }));
    await page.waitFor(`return window.gaps.length >= 1`);
    const [gap] = await page.browser.run<number[]>('return window.gaps');
    report(`${engine}: ${Math.round(gap!)} ms from the end of one recording to the sound of the next`);
    expect(gap).toBeLessThan(500);
    expect((await state(page)).src).toContain('/music/02.mp3');
    expect(await page.url()).toContain('/browse/music/02.mp3');

    await page.back();
    await page.waitFor(`return location.pathname === '/browse/music'`);
    await expectPlaying(page, 1.5, 3);
    const player = byRole('region', 'Player');
    await page.click(byRole('button', 'Previous', { within: player }));
    await page.waitFor(
      `return [...document.querySelectorAll('audio')].some(({ paused, currentSrc, currentTime }) => !paused && currentSrc.endsWith('/music/01.mp3') || currentTime < 1)`,
    );
    await page.click(byRole('button', 'Pause', { within: player }));
    await page.waitFor(`return [...document.querySelectorAll('audio')].every(({ paused }) => paused)`);
    await page.viewport('phone');
    await expectAccessible(page);
    await page.click(byRole('button', 'Stop and close the player'));
    await page.waitUntilGone(player);
    expect(await page.browser.run(`return document.querySelectorAll('audio').length`)).toBe(0);
  });

  it('pauses sound for a film', async (page) => {
    await page.open(`${playhead.url}/browse/music/vbr.mp3`);
    await expectPlaying(page, 0);
    await page.browser.run(`
      history.pushState(null, '', '/browse/films/last.mp4');
      dispatchEvent(new PopStateEvent('popstate'));`);
    await page.waitFor(`return document.querySelector('video')?.currentTime > 0.2`);
    expect(
      await page.browser.run(`return [...document.querySelectorAll('audio')].every(({ paused }) => paused)`),
    ).toBe(true);
    await page.click(byRole('button', 'Play', { within: byRole('region', 'Player') }));
    await page.waitFor(`return document.querySelector('video').paused`);
  });

  it('says why the music stops where the next recording is damaged', async (page) => {
    page.allowErrors(/422|decod|demux|media|NS_ERROR|Failed to load/i);
    await page.open(`${playhead.url}/browse/album/01.mp3`);
    await page.waitFor(`return location.pathname === '/browse/album/02.mp3'`);
    await page.see(byRole('heading', /cannot play it|is damaged|does not play/));
    await page.see(bySelector('section.player', { containing: 'Does not play' }));
    await page.click(byRole('button', 'Stop and close the player'));
  });

  if (engine === 'chromium')
    it('goes on saying that a recording stopped in its middle', async (page) => {
      page.allowErrors(/422|decod|demux|media|Failed to load/i);
      await page.open(`${playhead.url}/browse/broken/late.m4a`);
      await page.see(bySelector('section.player', { containing: 'Does not play' }));
      expect(await page.browser.run(`return document.querySelector('audio').currentTime`)).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await page.see(bySelector('section.player', { containing: 'Does not play' }));
      await page.click(byRole('button', 'Stop and close the player'));
    });

  it('says why a damaged film does not play, and what helps', async (page) => {
    page.allowErrors(/decod|demux|media|NS_ERROR|Failed to load/i);
    await page.viewport('phone');
    await page.open(`${playhead.url}/browse/broken/damaged.mp4`);
    const failure = bySelector('.failure[role=alert]');
    await page.see(byRole('heading', /file is damaged|will probably not play/));
    await page.see(bySelector('li', { within: failure, containing: 'The file ends inside the' }));
    for (const name of ['Open in VLC', 'Copy link', 'Playlist for players (.m3u)', 'Details of the file'])
      await page.see(byRole('button', name));
    expect(await page.attribute(byRole('link', 'Download'), 'href')).toBe(
      '/files/broken/damaged.mp4?download',
    );
    await expectAccessible(page);
    await page.click(byRole('button', 'Details of the file'));
    await page.waitFor(`return new URL(location).searchParams.get('panel') === 'inspect'`);
  });

  it('says when the server does not send a film any more', async (page) => {
    page.allowErrors(/404|decod|media|source|NS_ERROR|Failed to load/i);
    await page.open(`${playhead.url}/browse`);
    // Else the list would know that it is gone.
    await page.browser.run('window.EventSource = class extends EventTarget { close() {} }');
    await page.click(bySelector('a[href$="/browse/broken"]'));
    await page.see(bySelector('a[href$="/gone.mp4"]'));
    await rm(path.join(root, 'broken/gone.mp4'));
    try {
      await page.click(bySelector('a[href$="/gone.mp4"]'));
      await page.see(byRole('heading', 'The server does not send this file'));
      await page.see(bySelector('.failure', { containing: 'This is not here (any more).' }));
    } finally {
      await copyFile(path.join(root, 'films/next.mp4'), path.join(root, 'broken/gone.mp4'));
    }
  });

  if (engine === 'chromium') {
    it('says beforehand that it has no decoder for HEVC, and tries when it is asked to', async (page) => {
      await page.open(`${playhead.url}/browse/hevc/hevc.mp4`);
      await page.see(byRole('heading', 'This will probably not play here'));
      await page.see(bySelector('.failure', { containing: 'It says that it cannot decode hevc.' }));
      expect((await state(page)).src).toBe('');
      await page.click(byRole('button', 'Try anyway'));
      await page.see(byRole('heading', 'This browser plays only the sound of it'));
      await page.see(bySelector('.failure', { containing: 'It decoded no picture.' }));
    });

    it('offers no repair that does not help here', async (page) => {
      await page.open(`${playhead.url}/browse/hevc/hevc.mp4`);
      await page.see(byRole('button', 'Try anyway'));
      expect(await page.text('#main')).not.toContain('Repair the file');
    });
  } else
    it('plays HEVC', async (page) => {
      await page.open(`${playhead.url}/browse/hevc/hevc.mp4`);
      expect((await expectPlaying(page, 0)).width).toBeGreaterThan(0);
    });
});

/** Measures from the end of one element to when another one has gone on. */
const GAP = `
  window.gaps = [];
  document.addEventListener('ended', (event) => {
    const end = performance.now();
    const look = () => {
      const heard = [...document.querySelectorAll('audio')]
        .find((one) => one !== event.target && !one.paused && one.currentTime > 0);
      if (heard) window.gaps.push(performance.now() - end - heard.currentTime * 1000);
      else setTimeout(look, 2);
    };
    look();
  }, { capture: true });
`;

/** No report comes, and what is played is counted. */
const SLOW_REPORTS = `
  window.plays = 0;
  const { fetch } = window;
  window.fetch = (request) =>
    request.url.includes('/inspections/') ? new Promise(() => undefined) : fetch(request);
  HTMLMediaElement.prototype.play = async () => void window.plays++;
`;

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function makeMedia(root: string): Promise<void> {
  const at = (name: string) => path.join(root, name);
  for (const folder of ['films', 'long', 'music', 'album', 'broken', 'hevc']) await mkdir(at(folder));
  const sample = (from: string, to: string) => copyFile(path.join(SAMPLES, from), at(to));
  await sample('video/mp4-moov-last.mp4', 'films/last.mp4');
  await sample('video/mp4-moov-first.mp4', 'films/next.mp4');
  await sample('video/mp4-moov-first.mp4', 'broken/gone.mp4');
  await sample('video/mp4-hevc-hev1.mp4', 'hevc/hevc.mp4');
  await sample('audio/mp3-vbr-no-xing.mp3', 'music/vbr.mp3');
  const whole = await readFile(path.join(SAMPLES, 'video/mp4-moov-last.mp4'));
  await writeFile(at('broken/damaged.mp4'), whole.subarray(0, whole.length / 2));
  const srt = (text: string) => `1\n00:00:00,000 --> 00:00:15,000\n${text}\n`;
  await writeFile(at('films/last.en.srt'), srt(CUE));
  await writeFile(at('films/last.zh.srt'), srt('这是什么？'));
  await writeFile(at('films/next.en.srt'), srt('Another one'));
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    `color=s=64x36:r=2:d=${LONG}`,
    '-pix_fmt',
    'yuv420p',
    at('long/long.mp4'),
  ]);
  await ffmpeg(['-f', 'lavfi', '-i', 'sine=d=1', at('album/01.mp3')]);
  await ffmpeg(['-f', 'lavfi', '-i', 'sine=d=6', '-movflags', '+faststart', at('broken/late.m4a')]);
  const late = await readFile(at('broken/late.m4a'));
  await writeFile(at('broken/late.m4a'), late.fill(0xa5, late.length >> 1, late.length - 8000));
  await writeFile(at('album/02.mp3'), 'This is not a recording. '.repeat(400));
  for (const [number, title] of ['First song', 'Second song'].entries())
    await ffmpeg([
      ...['-f', 'lavfi', '-i', `sine=f=${440 + number * 220}:d=3`, '-metadata', `title=${title}`],
      ...['-metadata', 'artist=The Testers', at(`music/0${number + 1}.mp3`)],
    ]);
}

async function ffmpeg(options: readonly string[]): Promise<void> {
  const { code, stderr } = await run('ffmpeg', ['-v', 'error', '-y', ...options]);
  if (code !== 0) throw new Error(`ffmpeg made no media: ${stderr}`);
}
