// node bench/listing.mjs [--rounds N --dir FOLDER --write]
// Lists a folder of 100,000 files through GET /api/v1/entries/, beside nginx's listing of it: how long it takes, how
// long others wait meanwhile, and how much memory it costs. See README.md.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, nodeBinary } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { whileProbing } from './lib/event-loop.mjs';
import { ENTRIES, manyFiles } from './lib/fixtures.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { installPeers } from './lib/peers.mjs';
import { LOAD_CORE, peakResidentMiB, residentMiB, runOn } from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversFor, startServer } from './lib/servers.mjs';
import { format, median } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const WALK = path.join(import.meta.dirname, 'load/walk.mjs');
const LIMIT = 120_000;
const IDLE = 1000;

/** What to list, and what to ask meanwhile. Caddy is not here: it stops at 10,000 entries. */
const URLS = {
  playhead: { list: '/api/v1/entries/?limit=1000', probe: '/health/live' },
  nginx: { list: '/', probe: '/clip_000000.mp4' },
};
const COLUMNS = {
  firstPage: 'first page, ms',
  all: 'all pages, ms',
  idleGap: 'longest wait when idle, ms',
  firstGap: 'during the first listing, ms',
  laterGap: 'during a second one, ms',
  memory: 'peak memory, MiB',
  grown: 'above start, MiB',
};

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '5');
buildSources();
installPeers();
const root = await manyFiles(options.dir);
await warmUp(root);
const servers = serversFor(findPrograms(options.dir)).filter(({ name }) => name in URLS);
const found = new Map(servers.map((server) => [server, []]));

for (let round = 0; round < rounds; round++) {
  for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
    found.get(server).push(await measure(server));
    process.stderr.write(`round ${round + 1}/${rounds} ${server.name}\n`);
  }
}

const base = servers.find(({ name }) => name === 'nginx') ?? servers[0];
const rows = servers.map((server) => [
  server.title,
  ...Object.keys(COLUMNS).map((key) => {
    const ratios = found.get(server).map((values, round) => values[key] / found.get(base)[round][key]);
    return `${format(median(found.get(server).map((values) => values[key])))} (${median(ratios).toFixed(2)})`;
  }),
]);
const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
const text = [
  circumstances(commandLine('listing.mjs'), versions),
  `Medians of ${rounds} rounds, each with freshly started servers; in parentheses the ratio to ${base.title}. ` +
    `A page has 1,000 entries; nginx knows no pages and sorts by bytes.`,
  table(['', ...Object.values(COLUMNS)], rows),
].join('\n\n');
console.log(`\n${text}`);
if (options.write) writeSection(`Listing ${ENTRIES.toLocaleString('en')} files`, text);

async function measure(server) {
  const target = await startServer(server, root);
  const { list, probe } = URLS[server.name];
  try {
    const before = residentMiB(target.child);
    const { longestGap: idleGap } = await whileProbing(target.origin + probe, () => sleep(IDLE));
    const first = await whileProbing(target.origin + probe, () => walk(target.origin + list));
    const later = await whileProbing(target.origin + probe, () => walk(target.origin + list));
    const memory = peakResidentMiB(target.child);
    const { firstPage, all } = first.result;
    const gaps = { idleGap, firstGap: first.longestGap, laterGap: later.longestGap };
    return { firstPage, all, ...gaps, memory, grown: memory - before };
  } finally {
    await target.stop();
  }
}

async function walk(url) {
  const result = JSON.parse(await runOn(LOAD_CORE, nodeBinary(), [WALK, url], LIMIT));
  if (result.status !== 200) throw new Error(`${url} answered ${result.status}`);
  if (result.entries !== ENTRIES) throw new Error(`${url} listed ${result.entries} of ${ENTRIES} entries`);
  return result;
}

/** The folder and what is known of its files shall come from memory, for every server. */
async function warmUp(folder) {
  const names = await readdir(folder);
  for (let i = 0; i < names.length; i += 1000)
    await Promise.all(names.slice(i, i + 1000).map((name) => stat(path.join(folder, name))));
}
