// node bench/first-view.mjs [--rounds N --dir FOLDER --write]
// What a browser loads, and how long it takes, until a folder of 1,000 entries can be used: Playhead's page beside
// nginx's, over a slow line. See README.md.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildSources, ROOT } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { commandLine, positive, readOptions } from './lib/options.mjs';
import { measurePages, medianRow } from './lib/pages.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { serversWithPages } from './lib/servers.mjs';
import { table } from './lib/table.mjs';

const ENTRIES = 1000;
const LIMIT = 90_000;
const FIRST = 'Track 0001';

const options = readOptions();
const rounds = positive('rounds', options.rounds ?? '5');
buildSources();
const servers = serversWithPages(findPrograms(options.dir));
const root = mkdtempSync(path.join(options.dir, 'first-view-'));
try {
  fill(root);
  report(await measurePages('first-view.mjs', servers, { root, rounds, first: FIRST, limit: LIMIT }));
} finally {
  rmSync(root, { recursive: true });
}

/** Music and films, all of them the bundled samples under names as people have them. */
function fill(folder) {
  const samples = path.join(ROOT, 'samples/audio');
  const files = readdirSync(samples).sort();
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= ENTRIES; number++) {
    const sample = files[number % files.length];
    const name = `Track ${String(number).padStart(4, '0')} - A name as people have them${path.extname(sample)}`;
    cpSync(path.join(samples, sample), path.join(folder, name));
  }
}

function report(found) {
  const rows = [
    ['requests', 'requests'],
    ['of them before the entries are shown', 'before'],
    ['received, KB', 'bytes', 1000],
    ['of it scripts, KB', 'scripts', 1000],
    ['first paint, ms', 'paint'],
    ['the entries are shown, ms', 'shown'],
    ['and the page reacts, ms', 'interactive'],
  ].map(([title, key, unit = 1]) => medianRow(title, servers, found, (values) => values[key] / unit));
  const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
  const text = [
    circumstances(commandLine('first-view.mjs'), versions),
    `Medians of ${rounds} rounds: a fresh Chromium with an empty cache opens a folder of ${ENTRIES.toLocaleString('en')} files over a line ` +
      'of 1.6 Mbit/s with 150 ms (as Chromium slows it down). Received is what came over the line, header fields included, ' +
      'until nothing has come for two seconds.',
    table(['', ...servers.map(({ title }) => title)], rows),
  ].join('\n\n');
  console.log(`\n${text}`);
  if (options.write) writeSection(`First view of a folder of ${ENTRIES.toLocaleString('en')} entries`, text);
}
