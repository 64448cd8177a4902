// node bench/scrolling.mjs [--rounds N --dir FOLDER --write]
// How smoothly a folder of 100,000 entries scrolls in a browser: Playhead's page beside nginx's. See README.md.
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildSources, nodeBinary } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { LOAD_CORE, runOn } from './lib/processes.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversWithPages, startServer } from './lib/servers.mjs';
import { format, median } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const SCROLL = path.join(import.meta.dirname, 'load/scrolling.mjs');
const ENTRIES = 100_000;
const LIMIT = 120_000;
const CHROMIUM = '/usr/bin/chromium';

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '3');
buildSources();
const servers = serversWithPages(findPrograms(options.dir));
const root = mkdtempSync(path.join(options.dir, 'scrolling-'));
try {
  for (let number = 0; number < ENTRIES; number++)
    closeSync(openSync(path.join(root, `File ${String(number).padStart(6, '0')}.mp4`), 'w'));
  const found = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) found.get(server.name).push(await measure(server));
    process.stderr.write(`round ${round + 1}/${rounds}\n`);
  }
  report(found);
} finally {
  rmSync(root, { recursive: true });
}

async function measure(server) {
  const target = await startServer(server, root);
  try {
    const args = [SCROLL, CHROMIUM, target.origin + server.page, 'File 000000'];
    const { shown, frames, moved } = JSON.parse(await runOn(LOAD_CORE, nodeBinary(), args, LIMIT));
    const times = frames.map(([time]) => time).sort((a, b) => a - b);
    return {
      shown,
      moved,
      median: times[Math.floor(times.length / 2)],
      p95: times[Math.floor(times.length * 0.95)],
      longest: times.at(-1),
      empty: (100 * frames.filter(([, isEmpty]) => isEmpty).length) / frames.length,
    };
  } finally {
    await target.stop();
  }
}

function report(found) {
  const rows = [
    ['the first entries are shown, ms', 'shown'],
    ['scrolled, pixels', 'moved'],
    ['a frame, median, ms', 'median'],
    ['a frame, p95, ms', 'p95'],
    ['the longest frame, ms', 'longest'],
    ['frames with an empty row in sight, %', 'empty'],
  ].map(([title, key]) => [
    title,
    ...servers.map(({ name }) => format(median(found.get(name).map((values) => values[key])))),
  ]);
  const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
  const text = [
    circumstances(commandLine('scrolling.mjs'), versions),
    `Medians of ${rounds} rounds: a fresh Chromium without a graphics card opens a folder of ${ENTRIES.toLocaleString('en')} empty files, and the ` +
      'wheel is turned for 5 s by 600 pixels 20 times a second. At 60 frames a second each has 16.7 ms.',
    table(['', ...servers.map(({ title }) => title)], rows),
  ].join('\n\n');
  console.log(`\n${text}`);
  if (options.write)
    writeSection(`Scrolling through a folder of ${ENTRIES.toLocaleString('en')} entries`, text);
}
