// node bench/scrolling.mjs [--rounds N --dir FOLDER --write]
// How smoothly a folder of 100,000 entries scrolls in a browser: Playhead's page beside nginx's. See README.md.
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildSources } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { measurePages, medianRow } from './lib/pages.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversWithPages } from './lib/servers.mjs';
import { quantile } from './lib/statistics.mjs';
import { table } from './lib/table.mjs';

const ENTRIES = 100_000;
const LIMIT = 120_000;

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '3');
buildSources();
const servers = serversWithPages(findPrograms(options.dir));
const root = mkdtempSync(path.join(options.dir, 'scrolling-'));
try {
  for (let number = 0; number < ENTRIES; number++)
    closeSync(openSync(path.join(root, `File ${String(number).padStart(6, '0')}.mp4`), 'w'));
  report(await measurePages('scrolling.mjs', servers, { root, rounds, first: 'File 000000', limit: LIMIT }));
} finally {
  rmSync(root, { recursive: true });
}

function report(found) {
  const timesOf = ({ frames }) => frames.map(([time]) => time);
  const rows = [
    ['the first entries are shown, ms', ({ shown }) => shown],
    ['scrolled, pixels', ({ moved }) => moved],
    ['a frame, median, ms', (values) => quantile(timesOf(values), 0.5)],
    ['a frame, p95, ms', (values) => quantile(timesOf(values), 0.95)],
    ['the longest frame, ms', (values) => Math.max(...timesOf(values))],
    [
      'frames with an empty row in sight, %',
      ({ frames }) => (100 * frames.filter(([, isEmpty]) => isEmpty).length) / frames.length,
    ],
  ].map(([title, valueOf]) => medianRow(title, servers, found, valueOf));
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
