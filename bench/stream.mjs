// node bench/stream.mjs [--rounds N --seconds N --dir FOLDER --write]
// What /stream costs beside /files, for movies whose moov comes last: throughput, the first byte of small and large files
// with and without a plan, memory while 200 films are sent. See README.md.
import { readdir, utimes } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, ROOT } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { MEASUREMENTS } from './lib/columns.mjs';
import { FILE_NAME, FILMS, films, moviesOfSizes, SIZES, slowMovie, warm } from './lib/fixtures.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { residentMiB } from './lib/processes.mjs';
import { report } from './lib/report.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { runRounds } from './lib/rounds.mjs';
import { serversFor, startServer } from './lib/servers.mjs';
import { format, median } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const LIMIT = 30_000;
/** How often a file is changed and asked for. */
const TIMES = 15;
/** Bytes a second that a film is read at: some 4 Mbit/s. */
const FILM_RATE = 512 * 1024;

const options = readOptions({ seconds: { type: 'string' } });
const rounds = positive('rounds', options.rounds ?? '5');
const seconds = positive('seconds', options.seconds ?? '2');
buildSources();
const programs = findPrograms(options.dir);
const sample = path.join(ROOT, 'samples/video/mp4-moov-last.mp4');
const [playhead] = serversFor({});

const text = [
  circumstances(commandLine('stream.mjs'), { Playhead: playhead.version }),
  await throughput(),
  await firstBytes(),
  await memory(),
].join('\n\n');
console.log(`\n${text}`);
if (options.write) writeSection('/stream beside /files', text);

/** All columns of the other bench, on one movie of 1 GiB under both URLs. */
async function throughput() {
  const root = await slowMovie(options.dir, sample);
  await warm(path.join(root, FILE_NAME));
  const servers = [
    { ...playhead, name: 'files', title: '/files' },
    { ...playhead, name: 'stream', title: '/stream', base: '/stream' },
  ];
  const run = await runRounds(servers, MEASUREMENTS, { rounds, seconds, patience: 20, root, programs });
  return `${rounds} rounds, about ${seconds} s for each measurement.\n\n${report(run, servers, MEASUREMENTS, servers[0])}`;
}

/** A changed file is planned anew, the unchanged one has its plan. */
async function firstBytes() {
  const root = await moviesOfSizes(options.dir, sample);
  const target = await startServer(playhead, root);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const timed = async (url) => {
    const begin = performance.now();
    await firstByte(`${target.origin}${url}`, agent);
    return performance.now() - begin;
  };
  try {
    const rows = [];
    for (const name of SIZES) {
      const found = { cold: [], warm: [], files: [] };
      await timed(`/stream/${encodeURIComponent(name)}`);
      for (let time = 0; time < TIMES; time++) {
        await utimes(path.join(root, name), new Date(), new Date());
        await sleep(40); // a file that changed this instant is not kept open
        found.cold.push(await timed(`/stream/${encodeURIComponent(name)}`));
        found.warm.push(await timed(`/stream/${encodeURIComponent(name)}`));
        found.files.push(await timed(`/files/${encodeURIComponent(name)}`));
      }
      rows.push([name.replace(/-.*/, ''), ...Object.values(found).map((times) => format(median(times)))]);
    }
    const head = ['first byte of bytes=0-1, ms', '/stream, not planned', '/stream, planned', '/files'];
    return `Medians of ${TIMES}.\n\n${table(head, rows)}`;
  } finally {
    agent.destroy();
    await target.stop();
  }
}

/** Every film is another file with a moov box of 1 MiB, read as fast as it plays. */
async function memory() {
  const root = await films(options.dir, sample);
  const rows = [];
  for (const base of ['/files', '/stream']) {
    const target = await startServer(playhead, root);
    try {
      await firstByte(`${target.origin}${base}/0.mp4`);
      const before = residentMiB(target.child);
      const names = await readdir(root);
      const players = await Promise.all(names.map((name) => play(`${target.origin}${base}/${name}`)));
      let peak = 0;
      for (let time = 0; time < 100; time++) {
        await sleep(50);
        for (const response of players) response.read(FILM_RATE / 20);
        peak = Math.max(peak, residentMiB(target.child));
      }
      for (const response of players) response.destroy();
      rows.push([base, format(before), format(peak)]);
    } finally {
      await target.stop();
    }
  }
  return table([`${FILMS} films at once, MiB`, 'at start', 'at most'], rows);
}

function firstByte(url, agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: LIMIT, headers: { Range: 'bytes=0-1' } }, (response) => {
      if (response.statusCode !== 206) return reject(new Error(`${url} answered ${response.statusCode}`));
      response.once('readable', () => response.resume());
      response.on('end', resolve);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

/** Resolves to the paused answer when it has begun. */
function play(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}`));
      response.on('error', () => {});
      response.once('readable', () => resolve(response));
    }).on('error', reject);
  });
}
