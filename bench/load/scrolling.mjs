// Opens a page in a fresh Chromium, turns the wheel over it, and prints as JSON how smoothly it scrolled.
// usage: scrolling.mjs CHROMIUM URL TEXT
import { setTimeout as sleep } from 'node:timers/promises';
import { openChromium } from '../../scripts/lib/devtools.mjs';

const [chromium, url, text] = process.argv.slice(2);
const LIMIT = 60_000;
/** How long the wheel is turned, how often and how far: 12,000 pixels a second, a brisk flick. */
const TURNED = 5000;
const EVERY = 50;
const FAR = 600;

/** Runs in the page: when the text was first shown. */
const WATCH = `
  const look = () => {
    if (document.body?.textContent.includes(${JSON.stringify(text)})) window.shown = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
/** Notes every frame: how long it took, and whether a row in sight had nothing in it yet. */
const RECORD = `
  window.framesSeen = [];
  const scroller = document.querySelector('[role=grid]')?.parentElement ?? document.scrollingElement;
  window.scroller = scroller;
  window.from = scroller.scrollTop;
  const isEmpty = () => {
    const rows = document.querySelectorAll('[data-index]');
    return [...rows].some((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > 0 && top < innerHeight && !row.querySelector('a');
    });
  };
  let last = performance.now();
  const note = (now) => {
    window.framesSeen.push([now - last, isEmpty()]);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(note); });
`;
const READ = `JSON.stringify({ frames: window.framesSeen, moved: window.scroller.scrollTop - window.from })`;

const { page, close } = await openChromium(chromium);
try {
  console.log(JSON.stringify(await measure()));
} finally {
  await close();
}

async function measure() {
  await page('Page.enable');
  await page('Emulation.setDeviceMetricsOverride', {
    width: 1280,
    height: 800,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await page('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  await page('Page.navigate', { url });
  const shown = await untilShown();
  await sleep(2000);
  await evaluate(RECORD);
  for (const end = Date.now() + TURNED; Date.now() < end; await sleep(EVERY))
    void page('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 640, y: 400, deltaX: 0, deltaY: FAR });
  await sleep(500);
  return { shown, ...JSON.parse(await evaluate(READ)) };
}

async function untilShown() {
  for (const deadline = Date.now() + LIMIT; Date.now() < deadline; await sleep(50)) {
    const shown = await evaluate('window.shown');
    if (shown !== undefined) return shown;
  }
  throw new Error(`the page did not show "${text}"`);
}

async function evaluate(expression) {
  const { result } = await page('Runtime.evaluate', { expression });
  return result.value;
}
