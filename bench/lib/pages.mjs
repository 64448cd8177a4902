// Measures the servers' pages of a folder in a browser, round after round.
import path from 'node:path';
import { nodeBinary } from '../../scripts/lib/prepare.mjs';
import { LOAD_CORE, runOn } from './processes.mjs';
import { startServer } from './servers.mjs';
import { format, median } from './statistics.mjs';

const LOAD = path.join(import.meta.dirname, '../load');
const CHROMIUM = '/usr/bin/chromium';

/**
 * Runs a program of `load/` for each server in each round, with the server started anew.
 * @param first a name that the page shows when the entries are there
 * @param limit milliseconds for one run
 * @returns {Promise<Map<string, object[]>>} what the program printed as JSON in each round, by the server's name
 */
export async function measurePages(program, servers, { root, rounds, first, limit }) {
  const found = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) {
      const target = await startServer(server, root);
      try {
        const args = [path.join(LOAD, program), CHROMIUM, target.origin + server.page, first];
        found.get(server.name).push(JSON.parse(await runOn(LOAD_CORE, nodeBinary(), args, limit)));
      } finally {
        await target.stop();
      }
    }
    process.stderr.write(`round ${round + 1}/${rounds}\n`);
  }
  return found;
}

/** A row of the table: its title, and for each server the median of what `valueOf` takes from its rounds. */
export function medianRow(title, servers, found, valueOf) {
  return [title, ...servers.map(({ name }) => format(median(found.get(name).map(valueOf))))];
}
