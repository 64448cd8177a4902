// All that clients do at once, until its standard input ends: small questions, ranges, downloads that are broken off,
// films, repaired and as stored, conditional and wrong requests, listings, inspections. Prints how often it did each.
//   node mixture.mjs ORIGIN FILE SIZE FILMS SEED
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setInterval } from 'node:timers';
import { randomRanges, requestRanges } from './connection.mjs';
import { startPaced } from './paced.mjs';
import { randomPause, seededRandom } from './random.mjs';

const KiB = 1024;
const PACED = { clients: 100, bytesPerSecond: 100_000, spread: 2000, onAnswered: () => {} };
/** Bytes of a download that are read at most before it is broken off. */
const LONGEST = 16 * KiB * KiB;

const [origin, file] = process.argv.slice(2);
const [size, films, seed] = process.argv.slice(4).map(Number);
const random = seededRandom(seed);
const any = (count) => Math.floor(random() * count);
const counts = {};
const errors = [];
const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);
const onError = (reason) => errors.push(reason);

for (const base of ['/files', '/stream']) {
  const url = new URL(`${base}/${file}`, origin);
  ranges('probes', url, 2, { connections: 10, pause: 100 });
  ranges('256 KiB ranges', url, 256 * KiB, { connections: 4, pause: 20 });
  ranges('4 MiB ranges', url, 4096 * KiB, { connections: 2, pause: 100 });
  for (let i = 0; i < 4; i++) breakOff(url);
  const paced = startPaced(url, { ...PACED, size, seed: any(2 ** 32) });
  process.stdin.once('end', () => errors.push(...paced.errors));
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const film = () => `films/${any(films)}.mp4`;
every(50, async () => {
  const { headers } = await ask('HEAD', 200, 'HEAD', `/files/${film()}`);
  await ask('304', 304, 'GET', `/files/${file}`, { 'If-Modified-Since': new Date().toUTCString() });
  await ask('416', 416, 'GET', `/stream/${file}`, { Range: `bytes=${size * 2}-` });
  await ask('404', 404, 'GET', `/files/${any(1e9)}`);
  if (!headers.etag) onError('HEAD without an entity tag');
});
every(200, () => ask('listings', 200, 'GET', '/api/v1/entries/films/'));
every(200, () => ask('inspections', 200, 'GET', `/api/v1/inspections/${film()}`));
every(200, () => ask('repairs', 206, 'GET', `/stream/${film()}`, { Range: 'bytes=0-1' }));

process.stdin.resume().on('end', () => {
  console.log(JSON.stringify({ counts, errors }));
  process.exit(0);
});

function ranges(what, url, length, { connections, pause }) {
  for (let i = 0; i < connections; i++)
    requestRanges(url, {
      next: randomRanges(size, length, any(2 ** 32)),
      onBody: () => {},
      onDone: () => count(what),
      onError: (reason) => onError(`${what}: ${reason}`),
      pause: () => randomPause(random, pause),
    });
}

/** One download after the other, each given up somewhere, in one way or the other. */
function breakOff(url) {
  let left = random() * LONGEST;
  const buffer = Buffer.allocUnsafe(256 * KiB);
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    onread: {
      buffer,
      callback: (bytes) => {
        left -= bytes;
        if (left > 0) return true;
        if (random() < 0.5) socket.destroy();
        else socket.resetAndDestroy();
        return false;
      },
    },
  });
  socket.on('connect', () => socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`));
  socket.on('error', () => {});
  socket.on('close', () => {
    count('broken off');
    if (left > 0) onError('a download ended early');
    setTimeout(() => breakOff(url), randomPause(random, 100));
  });
}

/** Not more often than it is done. */
function every(ms, task) {
  let isBusy = false;
  setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await task().catch(({ message }) => onError(message));
    isBusy = false;
  }, ms);
}

function ask(what, status, method, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, origin), { agent, method, headers }, (response) => {
      response.resume();
      if (response.statusCode !== status) reject(new Error(`${what}: answered ${response.statusCode}`));
      response.on('error', reject);
      response.on('end', () => {
        count(what);
        resolve(response);
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}
