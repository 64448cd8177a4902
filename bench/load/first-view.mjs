// Opens a page in a fresh Chromium on a slow line and prints as JSON how its first view came about.
// usage: first-view.mjs CHROMIUM URL TEXT
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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

const folder = mkdtempSync(path.join(os.tmpdir(), 'playhead-first-view-'));
const browser = spawn(
  chromium,
  [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
    '--remote-debugging-port=0',
    `--user-data-dir=${folder}`,
    'about:blank',
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
try {
  console.log(JSON.stringify(await measure()));
} finally {
  const ended = new Promise((resolve) => browser.once('close', resolve));
  browser.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function measure() {
  const send = await connect(await debuggerUrl());
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  await page('Network.enable');
  await page('Page.enable');
  await page('Network.emulateNetworkConditions', LINE);
  await page('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  await page('Page.navigate', { url });
  for (const deadline = Date.now() + LIMIT; Date.now() < deadline; await sleep(100)) {
    const { result } = await page('Runtime.evaluate', { expression: READ });
    const { shown, busy, now, paint } = JSON.parse(result.value);
    const interactive = Math.max(shown ?? Infinity, ...busy);
    const isQuiet = Date.now() - send.traffic.last > QUIET && send.traffic.open.size === 0;
    if (now - interactive < QUIET || !isQuiet) continue;
    const { requests, bytes } = send.traffic;
    const before = requests.filter(({ at }) => at - send.traffic.start < shown / 1000).length;
    return {
      requests: requests.length,
      before,
      bytes,
      scripts: send.traffic.scripts,
      paint,
      shown,
      interactive,
    };
  }
  throw new Error(`the page did not show "${text}"`);
}

async function debuggerUrl() {
  let output = '';
  for await (const chunk of browser.stderr.setEncoding('utf8')) {
    output += chunk;
    const match = /DevTools listening on (ws:\S+)/.exec(output);
    if (match) return match[1];
  }
  throw new Error('Chromium did not start');
}

/** The Chrome DevTools Protocol: JSON over a WebSocket. Counts what is requested and received on the way. */
async function connect(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map();
  const traffic = {
    requests: [],
    open: new Set(),
    kinds: new Map(),
    bytes: 0,
    scripts: 0,
    last: Date.now(),
    start: 0,
  };
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(data);
    const call = waiting.get(id);
    if (call) error ? call.reject(new Error(error.message)) : call.resolve(result);
    waiting.delete(id);
    count(traffic, method, params);
  };
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }));
    });
  return Object.assign(send, { traffic });
}

function count(traffic, method, params) {
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
