// node bench/soak.mjs [--minutes N --dir FOLDER --write]
// Whether Playhead stays as it is under a mixed load for minutes: memory, descriptors, sockets. Ends with 1 when
// something is left open or an answer was wrong. See README.md.
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, nodeBinary, ROOT } from '../scripts/lib/prepare.mjs';
import { FILE_NAME, FILE_SIZE, FILMS, movieAndFilms, warm } from './lib/fixtures.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import {
  endedProcessorSeconds,
  LOAD_CORE,
  openDescriptors,
  printed,
  processorSeconds,
  residentMiB,
  startOn,
  stop,
} from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversFor, startServer } from './lib/servers.mjs';
import { format, median, slope } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const MIXTURE = path.join(import.meta.dirname, 'load/mixture.mjs');
/** Seconds of the same load before anything is counted: what is opened once, as workers are, is open then. */
const WARM_UP = 5;
/** Milliseconds after which nothing shall be open that no client holds. */
const REST = 2000;
const GRACE = 20_000;

const options = readOptions({ minutes: { type: 'string', default: '10' } });
const minutes = positive('minutes', options.minutes);
buildSources();
const root = await movieAndFilms(options.dir, path.join(ROOT, 'samples/video/mp4-moov-last.mp4'));
await warm(path.join(root, FILE_NAME));
const [playhead] = serversFor({});
const target = await startServer(playhead, root);

const problems = [];
let text;
try {
  await load(WARM_UP);
  const before = openDescriptors(target.child, root);
  const spent = { server: processorSeconds(target.child), load: endedProcessorSeconds() };
  const { samples, counts } = await load(minutes * 60);
  const after = openDescriptors(target.child, root);
  spent.server = processorSeconds(target.child) - spent.server;
  spent.load = endedProcessorSeconds() - spent.load;
  // A file is opened once for all who read it: what was left open in the warm-up would hide the same later.
  if (after.files > 0) problems.push(`${after.files} of the served files were left open`);
  if (after.all > before.all) problems.push(`${after.all - before.all} descriptors were left open`);
  text = describe(samples, counts, before, after, spent);
} catch (error) {
  problems.push(error.message);
} finally {
  await target.stop();
}
if (text) console.log(`\n${text}`);
if (text && options.write) writeSection('Soak', text);
for (const problem of problems) console.error(`bench: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Runs the load, looks at the server once a second, and lets it rest. */
async function load(seconds) {
  const args = [MIXTURE, target.origin, FILE_NAME, FILE_SIZE, FILMS, 1].map(String);
  const clients = startOn(LOAD_CORE, nodeBinary(), args);
  const samples = [];
  try {
    const begin = performance.now();
    for (let second = 1; second <= seconds; second++) {
      await sleep(begin + second * 1000 - performance.now());
      if (clients.exitCode !== null || target.child.exitCode !== null) throw new Error('ended early');
      samples.push({ second, memory: residentMiB(target.child), ...openDescriptors(target.child, root) });
      if (second % 60 === 0)
        process.stderr.write(`${second / 60} min: ${format(samples.at(-1).memory)} MiB\n`);
    }
    clients.stdin.end();
    const { counts, errors } = JSON.parse(
      (await printed(clients, /\{.*\}/, GRACE))?.[0] ?? '{"errors":["no result"]}',
    );
    problems.push(...new Set(errors));
    await clients.ended;
    await sleep(REST);
    return { samples, counts };
  } finally {
    await stop(clients);
  }
}

function describe(samples, counts, before, after, spent) {
  const second = samples.slice(Math.floor(samples.length / 2));
  const growth = slope(second.map(({ second: at, memory }) => [at / 60, memory]));
  const rows = Array.from({ length: Math.ceil(samples.length / 60) }, (_, minute) => {
    const part = samples.slice(minute * 60, (minute + 1) * 60);
    const values = (key) => part.map((sample) => sample[key]);
    return [
      String(minute + 1),
      format(median(values('memory'))),
      format(Math.max(...values('memory'))),
      format(median(values('all'))),
      format(median(values('sockets'))),
    ];
  });
  const asked = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  const core = (seconds) => `${Math.round((seconds / samples.length) * 100)} %`;
  return [
    circumstances(commandLine('soak.mjs'), { Playhead: playhead.version }),
    `${format(minutes)} minutes: ${asked.join(', ')}; 200 films. The server took ${core(spent.server)} of its core, the ` +
      `load ${core(spent.load)} of its own.`,
    table(['minute', 'memory, median, MiB', 'at most', 'descriptors, median', 'sockets, median'], rows),
    `Memory changed by ${growth.toFixed(2)} MiB a minute in the second half, by least squares. Open at the start: ` +
      `${before.all} descriptors, ${before.sockets} of them sockets; ${REST / 1000} s after the end: ${after.all}, ${after.sockets}, and ` +
      `${after.files} of the served files.`,
  ].join('\n\n');
}
