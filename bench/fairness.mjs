// node bench/fairness.mjs [--rounds N --seconds N --only NAMES --dir FOLDER --write]
// How long a small question waits while one client takes all it can get and 200 watch films, beside how long it waits
// when there is nothing else to do. See README.md.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildSources, nodeBinary } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { FILE_NAME, FILE_SIZE, randomFile, warm } from './lib/fixtures.mjs';
import { chosen, commandLine, positive, readOptions } from './lib/options.mjs';
import { installPeers } from './lib/peers.mjs';
import { isPinned, LOAD_CORE, printed, runOn, startOn, stop } from './lib/processes.mjs';
import { report } from './lib/report.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { runRounds } from './lib/rounds.mjs';
import { serversFor } from './lib/servers.mjs';
import { median, quantile } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const SERVERS = ['playhead', 'nginx', 'caddy', 'sirv', 'node-http'];
const CLIENTS = 200;
const BYTES_PER_SECOND = 500_000;
/**
 * Milliseconds in which the paced clients begin. On loopback the kernel takes some 3.5 MB for each ahead, and asks the
 * server for more about every 3.1 s: they shall not all do so at the same time.
 */
const SPREAD = 3100;
const GRACE = 20_000;
const LOAD = path.join(import.meta.dirname, 'load');
/** Who asks goes before who downloads on their core, if this user may say so. */
const FIRST = spawnSync('chrt', ['--fifo', '1', 'true']).status === 0 ? ['chrt', '--fifo', '1'] : [];

const options = readOptions({ seconds: { type: 'string' }, only: { type: 'string' } });
const rounds = positive('rounds', options.rounds ?? '5');
const seconds = positive('seconds', options.seconds ?? '3');

const IDLE = {
  name: 'idle',
  columns: latencyColumns('idle'),
  measure: async (server, { seed }) => ({ values: latencyValues(await probe(server, seed)) }),
};
const LOADED = {
  name: 'loaded',
  columns: [
    ...latencyColumns('under load'),
    { key: 'paced', title: 'sent to the paced', unit: '%' },
    { key: 'greedy', title: 'greedy client', unit: 'MB/s' },
  ],
  measure: underLoad,
};
const MEASUREMENTS = [IDLE, LOADED];

buildSources();
installPeers();
const programs = findPrograms(options.dir);
const servers = chosen(
  'only',
  options.only,
  serversFor(programs).filter(({ name }) => SERVERS.includes(name)),
);
const root = await randomFile(options.dir);
await warm(path.join(root, FILE_NAME));
if (!isPinned) console.log('taskset is missing: server and load share the cores, and the numbers say little');

const run = await runRounds(servers, MEASUREMENTS, { rounds, seconds, patience: 20, root, programs });

const base = servers.find(({ name }) => name === 'nginx') ?? servers[1] ?? servers[0];
const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
const text = [
  circumstances(commandLine('fairness.mjs'), versions),
  `${rounds} rounds, about ${seconds} s for each measurement: one greedy client, ${CLIENTS} that read ` +
    `${BYTES_PER_SECOND / 1000} kB/s each, ${CLIENTS} that ask bytes=0-1 about once a second.`,
  "How many times as long as without load the answers take, medians of the rounds' ratios, in parentheses from the " +
    'least to the greatest:',
  ratios(),
  report(run, servers, MEASUREMENTS, base),
].join('\n\n');
console.log(`\n${text}`);
if (options.write) writeSection('Fairness', text);
process.exitCode = run.failures.length > 0 ? 1 : 0;

function latencyColumns(when) {
  return ['median', 'p99', 'longest', 'own delay, p99'].map((what) => ({
    key: `${when}/${what}`,
    title: `${when}, ${what}`,
    unit: 'ms',
  }));
}

/** Without the time that the load itself was late. */
function latencyValues({ latencies, ownDelays }) {
  const waited = latencies.map((latency, i) => Math.max(0, latency - ownDelays[i]));
  return [quantile(waited, 0.5), quantile(waited, 0.99), Math.max(...waited), quantile(ownDelays, 0.99)];
}

async function underLoad(server, { seed }) {
  const args = [FILE_SIZE, CLIENTS, BYTES_PER_SECOND, SPREAD, seed].map(String);
  const crowd = startOn(LOAD_CORE, nodeBinary(), [
    path.join(LOAD, 'crowd.mjs'),
    server.url(FILE_NAME),
    ...args,
  ]);
  try {
    if (!(await printed(crowd, /all answered/, GRACE))) throw new Error('loaded: not all were answered');
    crowd.stdin.write('count\n');
    const latencies = latencyValues(await probe(server, seed));
    crowd.stdin.end();
    const result = JSON.parse((await printed(crowd, /\{.*\}/, GRACE))?.[0] ?? '{"errors":["no result"]}');
    if (result.errors.length > 0) throw new Error(`loaded: ${result.errors[0]}`);
    return { values: [...latencies, result.pacedShare * 100, result.greedyBytesPerSecond / 1e6] };
  } finally {
    await stop(crowd);
  }
}

async function probe(server, seed) {
  const args = [path.join(LOAD, 'probes.mjs'), server.url(FILE_NAME), CLIENTS, seconds, seed].map(String);
  const [command, ...rest] = [...FIRST, nodeBinary(), ...args];
  const result = JSON.parse(await runOn(LOAD_CORE, command, rest, seconds * 1000 + GRACE));
  if (result.errors.length > 0) throw new Error(`probes: ${result.errors[0]}`);
  return result;
}

function ratios() {
  const values = (measurement, server, column) =>
    run.cells.get(`${measurement.name}/${server.name}`).map((cell) => cell?.values[column]);
  const cell = (server, column) => {
    const idle = values(IDLE, server, column);
    const found = values(LOADED, server, column)
      .map((value, round) => value / idle[round])
      .filter(Number.isFinite);
    if (found.length === 0) return 'failed';
    return `${median(found).toFixed(2)} (${Math.min(...found).toFixed(2)} - ${Math.max(...found).toFixed(2)})`;
  };
  const rows = servers.map((server) => [server.title, cell(server, 0), cell(server, 1)]);
  return table(['under load / idle', 'median', 'p99'], rows);
}
