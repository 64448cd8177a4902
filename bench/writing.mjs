// node bench/writing.mjs [--rounds N --uploads N --dir FOLDER --write]
// How fast a file of 1 GiB arrives, by PUT and by tus, beside `cp` and beside nginx with its WebDAV module; and how much
// memory 50 such uploads at the same time take. See README.md.
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { FILE_NAME, FILE_SIZE, randomFile, sha256, warm } from './lib/fixtures.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { isPinned, LOAD_CORE, peakResidentMiB, residentMiB, runOn } from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversThatWrite, startServer } from './lib/servers.mjs';
import { format, median, slope } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const LIMIT = 600_000;
const TUS = ['-H', 'Tus-Resumable: 1.0.0'];

const options = readOptions({ uploads: { type: 'string' } });
const rounds = positive('rounds', options.rounds ?? '5');
const uploads = positive('uploads', options.uploads ?? '50');

buildSources();
const programs = findPrograms(options.dir);
const servers = serversThatWrite(programs);
const source = path.join(await randomFile(options.dir), FILE_NAME);
await warm(source);
const digest = (await sha256(source)).toString('base64');
if (!isPinned) console.log('taskset is missing: server and load share the cores, and the numbers say little');

/** Ways for a file to get to a place; each resolves when it is there. `cp` alone leaves it to the system to write it. */
const WAYS = [
  {
    title: 'cp and sync of that file',
    arrive: (_, target) => run('sh', ['-c', 'cp "$0" "$1" && sync "$1"', source, target]),
  },
  { title: 'cp', arrive: (_, target) => run('cp', [source, target]) },
  { title: 'nginx, PUT', server: 'nginx', arrive: ({ url }) => put(url('f')) },
  { title: 'Playhead, PUT', server: 'playhead', arrive: ({ url }) => put(url('f')) },
  {
    title: 'Playhead, PUT with Content-Digest',
    server: 'playhead',
    arrive: ({ url }) => put(url('f'), ['-H', `Content-Digest: sha-256=:${digest}:`]),
  },
  { title: 'Playhead, tus in one PATCH', server: 'playhead', arrive: ({ origin }) => tus(origin) },
].filter(({ server }) => !server || servers.some(({ name }) => name === server));

const speeds = WAYS.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (const [index, way] of WAYS.entries()) {
    speeds[index].push(await speedOf(way));
    process.stderr.write(`round ${round + 1}/${rounds} ${way.title}: ${format(speeds[index][round])} MB/s\n`);
  }
}
const crowd = await memoryOfMany();

const rows = WAYS.map(({ title }, index) => {
  const ratio = (to) => median(speeds[index].map((speed, round) => speed / speeds[to][round])).toFixed(2);
  const nginx = WAYS.findIndex(({ server }) => server === 'nginx');
  const [least, most] = [Math.min(...speeds[index]), Math.max(...speeds[index])];
  return [
    title,
    format(median(speeds[index])),
    `${format(least)} - ${format(most)}`,
    ratio(0),
    ratio(1),
    nginx < 0 ? '-' : ratio(nginx),
  ];
});
const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
const text = [
  circumstances(commandLine('writing.mjs'), versions),
  `Medians of ${rounds} interleaved rounds, ratios are medians of the rounds' ratios: a new file of 1 GiB of random content, on the ` +
    'disk that holds the source, which is in memory. Only "cp and sync" and Playhead have it on the disk when they are done.',
  table(['', 'MB/s', 'from - to', 'ratio to cp and sync', 'to cp', 'to nginx'], rows),
  `${uploads} such uploads by PUT at the same time:`,
  table(
    ['', 'MiB'],
    [
      ['memory before', format(crowd.before)],
      ['while they run, median', format(crowd.during)],
      ['at most', format(crowd.peak)],
      ['change a minute in the second half, by least squares', crowd.growth.toFixed(2)],
    ],
  ),
].join('\n\n');
console.log(`\n${text}`);
if (options.write) writeSection('Writing', text);

function run(command, args) {
  return runOn(LOAD_CORE, command, args, LIMIT);
}

function put(url, more = []) {
  return run('curl', ['-sSf', '-o', '/dev/null', ...more, '-T', source, url]);
}

async function tus(origin) {
  const path = Buffer.from('f').toString('base64');
  const created = await fetch(`${origin}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(FILE_SIZE),
      'Upload-Metadata': `path ${path}`,
    },
  });
  const upload = new URL(created.headers.get('location'), origin).href;
  const fields = ['-H', 'Upload-Offset: 0', '-H', 'Content-Type: application/offset+octet-stream'];
  await run('curl', ['-sSf', '-o', '/dev/null', '-X', 'PATCH', ...TUS, ...fields, '-T', source, upload]);
}

/** In MB/s, with what the measurement before has left to be written out of the way. */
async function speedOf(way) {
  const root = mkdtempSync(path.join(options.dir, 'writing-'));
  const server = servers.find(({ name }) => name === way.server);
  const target = server && (await startServer(server, root));
  try {
    await run('sync', []);
    const begin = performance.now();
    await way.arrive(target, path.join(root, 'f'));
    const seconds = (performance.now() - begin) / 1000;
    if (statSync(path.join(root, 'f')).size !== FILE_SIZE) throw new Error(`${way.title}: not all is there`);
    return FILE_SIZE / 1e6 / seconds;
  } finally {
    await target?.stop();
    rmSync(root, { recursive: true });
  }
}

async function memoryOfMany() {
  const { bavail, bsize } = statfsSync(options.dir);
  if (bavail * bsize < (uploads + 2) * FILE_SIZE)
    throw new Error(`${uploads} GiB are not free; take fewer by --uploads`);
  const root = mkdtempSync(path.join(options.dir, 'writing-'));
  mkdirSync(path.join(root, 'many'));
  const target = await startServer(servers[0], root);
  try {
    await sleep(1000);
    const before = residentMiB(target.child);
    const all = Promise.all(Array.from({ length: uploads }, (_, i) => put(target.url(`many/${i}`)))).then(
      () => 'ended',
    );
    const samples = [];
    const begin = performance.now();
    while ((await Promise.race([all, sleep(500)])) !== 'ended')
      samples.push([(performance.now() - begin) / 60_000, residentMiB(target.child)]);
    return {
      before,
      during: median(samples.map(([, memory]) => memory)),
      peak: peakResidentMiB(target.child),
      growth: slope(samples.slice(Math.floor(samples.length / 2))),
    };
  } finally {
    await target.stop();
    rmSync(root, { recursive: true });
  }
}
