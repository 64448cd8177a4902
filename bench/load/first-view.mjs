// Opens a page in a fresh Chromium on a slow line and prints as JSON how its first view came about.
// usage: first-view.mjs CHROMIUM URL TEXT
import { setTimeout as sleep } from 'node:timers/promises';
import { openChromium } from '../../scripts/lib/devtools.mjs';

const [chromium, url, text] = process.argv.slice(2);
/** A phone on a middling mobile line: 1.6 Mbit/s, 150 ms. */
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const LIMIT = 60_000;
/** Nothing more is loaded, and the main thread rests, for this long: the first view is over. */
const QUIET = 2000;

/** Runs in the page: when the text was first shown, and every time the main thread was busy for over 50 ms. */
const WATCH = `
  window.seen = { shown: undefined, busy: [] };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.seen.busy.push(startTime + duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.body?.textContent.includes(${JSON.stringify(text)})) window.seen.shown = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
const READ = `JSON.stringify({
  ...window.seen,
  now: performance.now(),
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
})`;

const traffic = {
  requests: [],
  open: new Set(),
  kinds: new Map(),
  bytes: 0,
  scripts: 0,
  last: Date.now(),
  start: 0,
};
const { page, close } = await openChromium(chromium, count);
try {
  console.log(JSON.stringify(await measure()));
} finally {
  await close();
}

async function measure() {
  await page('Network.enable');
  await page('Page.enable');
  await page('Network.emulateNetworkConditions', LINE);
  await page('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  await page('Page.navigate', { url });
  for (const deadline = Date.now() + LIMIT; Date.now() < deadline; await sleep(100)) {
    const { result } = await page('Runtime.evaluate', { expression: READ });
    const { shown, busy, now, paint } = JSON.parse(result.value);
    const interactive = Math.max(shown ?? Infinity, ...busy);
    const isQuiet = Date.now() - traffic.last > QUIET && traffic.open.size === 0;
    if (now - interactive < QUIET || !isQuiet) continue;
    const { requests, bytes, scripts, start } = traffic;
    const before = requests.filter(({ at }) => at - start < shown / 1000).length;
    return {
      requests: requests.length,
      before,
      bytes,
      scripts,
      paint,
      shown,
      interactive,
    };
  }
  throw new Error(`the page did not show "${text}"`);
}

/** Counts what is requested and received. */
function count(method, params) {
  if (method === 'Network.requestWillBeSent') {
    traffic.start ||= params.timestamp;
    // What stays open on purpose is no part of loading.
    if (params.type === 'EventSource') return;
    traffic.requests.push({ at: params.timestamp, url: params.request.url });
    traffic.open.add(params.requestId);
    traffic.kinds.set(params.requestId, params.type);
  } else if (method === 'Network.loadingFinished' || method === 'Network.loadingFailed') {
    if (!traffic.open.delete(params.requestId)) return;
    traffic.bytes += params.encodedDataLength ?? 0;
    if (traffic.kinds.get(params.requestId) === 'Script') traffic.scripts += params.encodedDataLength ?? 0;
  } else return;
  traffic.last = Date.now();
}
