// node bench/events.mjs [--rounds N --dir FOLDER --write]
// 200 clients listen to GET /api/v1/events while files change on disk: how long a change takes to arrive, how many
// events a second get through, and how much memory it costs. See README.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, nodeBinary } from '../scripts/lib/prepare.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { LOAD_CORE, peakResidentMiB, residentMiB, runOn } from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversFor, startServer } from './lib/servers.mjs';
import { format, median } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const LISTEN = path.join(import.meta.dirname, 'load/listen.mjs');
const LISTENERS = 200;
const LIMIT = 120_000;
/** Files made one after the other, and as fast as the disk takes them: fewer than are remembered for who comes back. */
const SINGLE = 40;
const BURST = 2000;

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '5');
buildSources();
const [playhead] = serversFor({});
const found = [];
for (let round = 0; round < rounds; round++) {
  found.push(await measure());
  process.stderr.write(`round ${round + 1}/${rounds}\n`);
}
const of = (key) => format(median(found.map((values) => values[key])));
const rows = [
  ['from change to arrival, median, ms', of('delay')],
  ['from change to arrival, p99, ms', of('slowest')],
  ['of these waits the server on purpose, ms', '100'],
  ['events of a burst that arrived, of all sent, per cent', of('share')],
  ['events received, all listeners together, 1/s', of('rate')],
  ['listeners that were told to begin anew', of('resets')],
  ['memory at start, MiB', of('before')],
  [`with ${LISTENERS} listeners, MiB`, of('listening')],
  ['peak, MiB', of('peak')],
];
const text = [
  circumstances(commandLine('events.mjs'), { Playhead: playhead.version }),
  `Medians of ${rounds} rounds, each with a freshly started server: ${LISTENERS} listeners to everything, ${SINGLE} files made one ` +
    `at a time, then ${BURST.toLocaleString('en')} as fast as the disk takes them.`,
  table(['', 'value'], rows),
].join('\n\n');
console.log(`\n${text}`);
if (options.write) writeSection(`Events to ${LISTENERS} listeners`, text);

async function measure() {
  const root = mkdtempSync(path.join(options.dir, 'events-'));
  mkdirSync(path.join(root, 'films'));
  const target = await startServer(playhead, root);
  try {
    await sleep(500);
    const before = residentMiB(target.child);
    const load = runOn(
      LOAD_CORE,
      nodeBinary(),
      [LISTEN, `${target.origin}/api/v1/events`, root, LISTENERS, SINGLE, BURST].map(String),
      LIMIT,
    );
    await sleep(2000); // the load begins after that
    const listening = residentMiB(target.child);
    return { before, listening, ...JSON.parse(await load), peak: peakResidentMiB(target.child) };
  } finally {
    await target.stop();
    rmSync(root, { recursive: true });
  }
}
