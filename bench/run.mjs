// npm run bench [-- --rounds N --seconds N --only NAMES --columns NAMES --quick --dir FOLDER --write]
// Measures Playhead beside its peers; see README.md.
import path from 'node:path';
import { buildSources } from '../scripts/lib/prepare.mjs';
import { findPrograms } from '../scripts/lib/server-programs.mjs';
import { MEASUREMENTS } from './lib/columns.mjs';
import { FILE_NAME, randomFile, warm } from './lib/fixtures.mjs';
import { chosen, commandLine, positive, readOptions } from './lib/options.mjs';
import { installPeers } from './lib/peers.mjs';
import { isPinned } from './lib/processes.mjs';
import { report } from './lib/report.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { runRounds } from './lib/rounds.mjs';
import { serversFor } from './lib/servers.mjs';

const options = readOptions({
  seconds: { type: 'string' },
  only: { type: 'string' },
  columns: { type: 'string' },
  quick: { type: 'boolean', default: false },
  patience: { type: 'string', default: '60' },
});
const rounds = positive('rounds', options.rounds ?? (options.quick ? '2' : '5'));
const seconds = positive('seconds', options.seconds ?? (options.quick ? '1' : '2'));
const patience = options.quick ? 0 : Number(options.patience);

buildSources();
installPeers();
const programs = findPrograms(options.dir);
const servers = chosen('only', options.only, serversFor(programs));
const measurements = chosen('columns', options.columns, MEASUREMENTS);
const root = await randomFile(options.dir);
await warm(path.join(root, FILE_NAME));
if (!isPinned) console.log('taskset is missing: server and load share the cores, and the numbers say little');

const run = await runRounds(servers, measurements, { rounds, seconds, patience, root, programs });

const base = servers.find(({ name }) => name === 'nginx') ?? servers[1] ?? servers[0];
const versions = Object.fromEntries(servers.map(({ title, version }) => [title, version]));
if (programs.wrk) versions.wrk = programs.wrk.version;
const text = [
  circumstances(commandLine('run.mjs'), versions),
  `${rounds} rounds, about ${seconds} s for each measurement.`,
  report(run, servers, measurements, base),
].join('\n\n');
console.log(`\n${text}`);

const isComplete = !options.quick && options.only === undefined && options.columns === undefined;
if (isComplete || options.write) writeSection('Bytes and requests', text);
else console.log('\nnot written to RESULTS.md: only a complete run is, or any with --write');
process.exitCode = run.failures.length > 0 ? 1 : 0;
