// node bench/inspection.mjs [--rounds N --dir FOLDER --write]
// Inspects a 5 GiB MP4 whose moov comes last through GET /api/v1/inspections/{path}, beside ffprobe on the same file:
// how long it takes, how much is read, how long others wait meanwhile. See README.md.
import { spawnSync } from 'node:child_process';
import { utimes } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, ROOT } from '../scripts/lib/prepare.mjs';
import { whileProbing } from './lib/event-loop.mjs';
import { moovLastFile, SPARSE_NAME } from './lib/fixtures.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { bytesRead, LOAD_CORE, peakResidentMiB, residentMiB, runOn } from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversFor, startServer } from './lib/servers.mjs';
import { format, median } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const LIMIT = 30_000;
const IDLE = 1000;

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '9');
buildSources();
const root = await moovLastFile(options.dir, path.join(ROOT, 'samples/video/mp4-moov-last.mp4'));
const file = path.join(root, SPARSE_NAME);
const ffprobe = /version (\S+)/.exec(
  spawnSync('ffprobe', ['-version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
const [playhead] = serversFor({});
const target = await startServer(playhead, root);
const url = `${target.origin}/api/v1/inspections/${SPARSE_NAME}`;

let text;
try {
  await inspect(); // what is compiled at the first inspection is compiled
  const before = residentMiB(target.child);
  const probe = (task) => whileProbing(`${target.origin}/health/live`, task);
  const { longestGap: idle } = await probe(() => sleep(IDLE));
  const found = [];
  for (let round = 0; round < rounds; round++) {
    found.push({
      ...(await measure()),
      gap: (await probe(inspectChanged)).longestGap,
      ...(ffprobe && { ffprobe: await timed(runFfprobe) }),
    });
    process.stderr.write(`round ${round + 1}/${rounds}\n`);
  }
  const of = (key) => median(found.map((values) => values[key]));
  const rows = [
    ['inspection, ms', format(of('time'))],
    ['the same again, from the cache, ms', format(of('again'))],
    ...(ffprobe
      ? [
          ['ffprobe on the file, its start included, ms', format(of('ffprobe'))],
          ['inspection / ffprobe', median(found.map((v) => v.time / v.ffprobe)).toFixed(2)],
        ]
      : []),
    ['bytes read', format(of('read'))],
    ['longest wait of others when idle, ms', format(idle)],
    ['longest wait of others during an inspection, ms', format(of('gap'))],
    ['peak memory, MiB', format(peakResidentMiB(target.child))],
    ['above start, MiB', format(peakResidentMiB(target.child) - before)],
  ];
  text = [
    circumstances(commandLine('inspection.mjs'), { Playhead: playhead.version, ...(ffprobe && { ffprobe }) }),
    `Medians of ${rounds} rounds.`,
    table(['', 'value'], rows),
  ].join('\n\n');
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  await target.stop();
}
if (text) console.log(`\n${text}`);
if (text && options.write) writeSection('Inspecting a 5 GiB file, moov last', text);

/** A changed file is inspected anew, the unchanged one answered from the cache. */
async function measure() {
  await utimes(file, new Date(), new Date());
  const before = bytesRead(target.child);
  const time = await timed(inspect);
  const read = bytesRead(target.child) - before;
  return { time, read, again: await timed(inspect) };
}

async function inspectChanged() {
  await utimes(file, new Date(), new Date());
  await inspect();
}

function inspect() {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: LIMIT }, (response) => {
      response.resume();
      if (response.statusCode === 200) response.on('end', resolve);
      else reject(new Error(`GET /api/v1/inspections/${SPARSE_NAME} answered ${response.statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

function runFfprobe() {
  const args = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file];
  return runOn(LOAD_CORE, 'ffprobe', args, LIMIT);
}

async function timed(task) {
  const begin = performance.now();
  await task();
  return performance.now() - begin;
}
