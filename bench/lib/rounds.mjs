// Runs the measurements: in every round each server is started anew and frozen, then each column is measured for one
// server after the other, so that what disturbs the machine disturbs neighbours alike.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { warmUp } from './columns.mjs';
import {
  coreSeconds,
  endedProcessorSeconds,
  isNetworkStarved,
  isPinned,
  LOAD_CORE,
  processorSeconds,
  SERVER_CORE,
} from './processes.mjs';
import { startServer } from './servers.mjs';
import { format } from './statistics.mjs';

/** A measurement during which others took more than this share of a core is repeated, while there is time. */
const DISTURBED = 0.1;
const ATTEMPTS = 3;
const SETTLE = 100;
/** How long others may keep the network from being usable before it is measured all the same. */
const STARVED_LIMIT = 15_000;

/**
 * @typedef {object} Cell what one measurement of one server in one round found
 * @property {number[]} values
 * @property {number} [cost] processor time of the server, in the unit of the measurement
 * @property {number} [serverBusy] share of its core that the server used
 * @property {number} [loadBusy] share of its core that the load used
 * @property {number} [others] share of a core that programs of others used, on the core where they used more; 1 also
 *   when their connections starved ours
 *
 * @returns {Promise<{ cells: Map<string, (Cell | undefined)[]>, failures: string[], repeats: number }>}
 *   cells by measurement/server, one for each round
 */
export async function runRounds(servers, measurements, options) {
  const state = { cells: new Map(), failures: [], repeats: 0 };
  for (let round = 0; round < options.rounds; round++) {
    const seed = round + 1;
    const patience = { left: options.patience / options.rounds };
    const order = turned(servers, round);
    const running = new Map();
    try {
      for (const server of order) {
        const started = await startReady(server, { ...options, seed }, state.failures);
        if (started) running.set(server, started);
      }
      for (const measurement of measurements) {
        for (const server of order) {
          const target = running.get(server);
          const cell =
            target && (await attempt(measurement, server, target, { ...options, seed }, patience, state));
          const key = `${measurement.name}/${server.name}`;
          state.cells.set(key, [...(state.cells.get(key) ?? []), cell]);
          progress(`round ${seed}/${options.rounds} ${key}`, cell);
        }
      }
    } finally {
      for (const target of running.values()) await target.stop();
    }
  }
  return state;
}

function progress(what, cell) {
  const percent = (share) => (share === undefined ? '-' : `${Math.round(share * 100)} %`);
  const text = cell
    ? `${cell.values.map(format).join(' ')} (server ${percent(cell.serverBusy)}, load ${percent(cell.loadBusy)}, others ${percent(cell.others)})`
    : 'failed';
  process.stderr.write(`${what}: ${text}\n`);
}

async function startReady(server, options, failures) {
  let target;
  try {
    target = await startServer(server, options.root);
    await warmUp(target, { seconds: Math.min(1, options.seconds / 2), seed: options.seed });
    target.freeze();
    return target;
  } catch (error) {
    failures.push(`${server.title}: ${error.message}`);
    await target?.stop();
    return undefined;
  }
}

/** Measures until nobody disturbs, or patience ends: then what was disturbed least counts, whatever its value. */
async function attempt(measurement, server, target, options, patience, state) {
  let best;
  for (let i = 0; i < ATTEMPTS && (i === 0 || patience.left > 0); i++) {
    if (i > 0) state.repeats++;
    const begin = Date.now();
    const cell = await measureOnce(measurement, target, options).catch((error) => {
      state.failures.push(`${server.title}: ${error.message}`);
    });
    if (i > 0) patience.left -= (Date.now() - begin) / 1000;
    if (cell && !(cell.others >= best?.others)) best = cell;
    if (!cell || !(cell.others > DISTURBED)) break;
  }
  return best;
}

async function measureOnce({ cost, measure, fillsNetwork }, target, options) {
  target.thaw();
  try {
    await sleep(SETTLE);
    for (let waited = 0; isNetworkStarved() && waited < STARVED_LIMIT; waited += SETTLE) await sleep(SETTLE);
    const before = readings(target);
    const { values, amount } = await measure(target, options);
    const after = readings(target);
    const spent = (name) => after[name] - before[name];
    return {
      values,
      ...(cost && { cost: (spent('server') / amount) * cost.factor }),
      ...(isPinned && {
        serverBusy: spent('server') / spent('wall'),
        loadBusy: spent('load') / spent('wall'),
        others: !fillsNetwork && (before.isStarved || after.isStarved) ? 1 : shareOfOthers(spent),
      }),
    };
  } finally {
    target.freeze();
  }
}

function readings(target) {
  const { user, system } = process.cpuUsage();
  return {
    wall: performance.now() / 1000,
    server: processorSeconds(target.child),
    load: endedProcessorSeconds(),
    harness: (user + system) / 1e6,
    serverCore: coreSeconds(SERVER_CORE),
    loadCore: coreSeconds(LOAD_CORE),
    isStarved: isNetworkStarved(),
  };
}

/** The harness itself runs where the load does. */
function shareOfOthers(spent) {
  const ours = spent('load') + spent('harness');
  const seconds =
    SERVER_CORE === LOAD_CORE
      ? spent('serverCore') - spent('server') - ours
      : Math.max(spent('serverCore') - spent('server'), spent('loadCore') - ours);
  return Math.max(0, seconds) / spent('wall');
}

/** Each round begins with another server, and every other round goes the other way round. */
function turned(servers, round) {
  const start = round % servers.length;
  const order = [...servers.slice(start), ...servers.slice(0, start)];
  return round % 2 === 0 ? order : order.reverse();
}
