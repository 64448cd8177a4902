// What is measured. Each measurement runs against one server while the others are frozen, and answers with one value
// for each of its columns.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeBinary } from '../../scripts/lib/prepare.mjs';
import { FILE_NAME, FILE_SIZE } from './fixtures.mjs';
import { LOAD_CORE, printed, residentMiB, runOn, startOn, stop } from './processes.mjs';
import { quantile } from './statistics.mjs';

const KiB = 1024;
const LOAD = path.join(import.meta.dirname, '../load');
/** How much longer than planned a load may take before it counts as failed, in milliseconds. */
const GRACE = 20_000;

const PROBE_CONNECTIONS = 64;
const SLOW_READERS = 1000;
const SLOW_BYTES_PER_SECOND = 4 * KiB;
const FIRST_BYTE = { length: 64 * KiB, pause: 3 };

/**
 * @typedef {{ key: string, title: string, unit: string }} Column
 * @typedef {object} Outcome
 * @property {number[]} values one for each column
 * @property {number} [amount] how much was delivered in all, to say what each of it cost the server
 * @typedef {object} Measurement
 * @property {string} name
 * @property {Column[]} columns
 * @property {boolean} [fillsNetwork] whether it fills the kernel's memory for connections itself
 * @property {{ unit: string, factor: number }} [cost] seconds of processor time / amount * factor is in `unit`
 * @property {(server: object, options: object) => Promise<Outcome>} measure
 */

const perGigabyte = { unit: 'ms/GB', factor: 1e12 };
const perRequest = { unit: 'µs/request', factor: 1e6 };

/** @type {Measurement[]} */
export const MEASUREMENTS = [
  {
    name: 'first-byte',
    columns: [
      { key: 'first', title: 'first byte, median', unit: 'ms' },
      { key: 'first99', title: 'first byte, p99', unit: 'ms' },
    ],
    measure: firstByte,
  },
  {
    name: 'whole',
    columns: [{ key: 'whole', title: 'whole 1 GiB', unit: 'MB/s' }],
    cost: perGigabyte,
    measure: (server, { seconds }) => download(server.url(FILE_NAME), seconds),
  },
  rangesOf('4m', 4096 * KiB, '4 MiB ranges', 8),
  rangesOf('256k', 256 * KiB, '256 KiB ranges', 16),
  {
    name: 'probe',
    columns: [{ key: 'probe', title: 'bytes=0-1', unit: 'requests/s' }],
    cost: perRequest,
    measure: probe,
  },
  {
    name: 'slow',
    columns: [{ key: 'slow', title: 'memory, 1,000 slow readers', unit: 'MiB' }],
    fillsNetwork: true,
    measure: memoryOfSlowReaders,
  },
];

function rangesOf(name, length, title, connections) {
  return {
    name,
    columns: [{ key: name, title, unit: 'MB/s' }],
    cost: perGigabyte,
    async measure(server, options) {
      const { bytesPerSecond, bytes } = await ranges(server, length, connections, options);
      return { values: [bytesPerSecond / 1e6], amount: bytes };
    },
  };
}

/** A short load of either kind, unmeasured, so that what a server compiles while it runs is compiled. */
export async function warmUp(server, { seconds, seed }) {
  await ranges(server, 2, 8, { seconds: seconds / 2, seed });
  await ranges(server, 256 * KiB, 8, { seconds: seconds / 2, seed });
}

async function firstByte(server, { seconds, seed }) {
  const { length, pause } = FIRST_BYTE;
  const samples = Math.round((seconds * 1000) / (pause + 1));
  const { latencies } = await load('first-byte', seconds, [
    server.url(FILE_NAME),
    FILE_SIZE,
    length,
    samples,
    pause,
    seed,
  ]);
  return { values: [quantile(latencies, 0.5), quantile(latencies, 0.99)] };
}

function ranges(server, length, connections, { seconds, seed }) {
  return load('ranges', seconds, [server.url(FILE_NAME), FILE_SIZE, length, connections, seconds, seed]);
}

/** Runs one of the load programs. @throws Error when an answer was not what was asked for. */
async function load(name, seconds, args) {
  const program = [path.join(LOAD, `${name}.mjs`), ...args.map(String)];
  const result = JSON.parse(await runOn(LOAD_CORE, nodeBinary(), program, seconds * 1000 + GRACE));
  if (result.errors.length > 0) throw new Error(`${name}: ${result.errors[0]}`);
  return result;
}

/** The file again and again with curl, at least for the time given. */
async function download(url, seconds) {
  const args = [
    '--silent',
    '--fail',
    '--output',
    '/dev/null',
    '--write-out',
    '%{size_download} %{time_total}',
  ];
  let spent = 0;
  let amount = 0;
  do {
    const output = await runOn(LOAD_CORE, 'curl', [...args, url], seconds * 1000 + GRACE);
    const [size, time] = output.split(' ').map(Number);
    if (size !== FILE_SIZE) throw new Error(`whole: ${size} bytes instead of ${FILE_SIZE}`);
    amount += size;
    spent += time;
  } while (spent < seconds);
  return { values: [amount / spent / 1e6], amount };
}

/** Apple's first question, with wrk; without wrk the harness asks itself, which may be what limits the answer. */
async function probe(server, { seconds, seed, programs }) {
  if (!programs.wrk) {
    const { answersPerSecond, answers } = await ranges(server, 2, PROBE_CONNECTIONS, { seconds, seed });
    return { values: [answersPerSecond], amount: answers };
  }
  const { command, env } = programs.wrk;
  const args = [
    '-t1',
    `-c${PROBE_CONNECTIONS}`,
    `-d${Math.ceil(seconds)}s`,
    '-H',
    'Range: bytes=0-1',
    server.url(FILE_NAME),
  ];
  const output = await runOn(LOAD_CORE, command, args, seconds * 1000 + GRACE, {
    env: { ...process.env, ...env },
  });
  const rate = Number(/^Requests\/sec:\s*([\d.]+)/m.exec(output)?.[1]);
  const amount = Number(/(\d+) requests in /.exec(output)?.[1]);
  if (!(rate > 0) || /Non-2xx|Socket errors/.test(output)) throw new Error('probe: wrong answers');
  return { values: [rate], amount };
}

/** The most memory seen from the first connection until the readers have read for a while, in MiB. */
async function memoryOfSlowReaders(server, { seconds }) {
  const program = path.join(LOAD, 'slow-readers.mjs');
  const args = [program, server.url(FILE_NAME), String(SLOW_READERS), String(SLOW_BYTES_PER_SECOND)];
  const readers = startOn(LOAD_CORE, nodeBinary(), args);
  let peak = 0;
  let isSampling = true;
  const sampling = (async () => {
    for (; isSampling; await sleep(100)) peak = Math.max(peak, residentMiB(server.child));
  })();
  try {
    const ready = await printed(readers, /all answered/, GRACE);
    if (ready) await sleep(seconds * 1000);
    readers.stdin.end();
    const { answered, broken, wrong } = JSON.parse((await printed(readers, /\{.*\}/, GRACE))?.[0] ?? '{}');
    if (answered !== SLOW_READERS || broken > 0 || wrong > 0)
      throw new Error(`slow: ${answered} of ${SLOW_READERS} answered, ${broken} broken, ${wrong} wrong`);
    return { values: [peak] };
  } finally {
    isSampling = false;
    await sampling;
    await stop(readers);
  }
}
