// Starts programs on a core of their own, reads what they use, and ends them: those it started, by pid, and no other.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export const isPinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
export const SERVER_CORE = 0;
export const LOAD_CORE = os.availableParallelism() > 1 ? 1 : 0;

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
const STOP_GRACE = 3000;
/** What a program may print before the harness stops listening. */
const OUTPUT_LIMIT = 1024 * 1024;

const started = new Set();
process.on('exit', () => started.forEach(({ pid }) => signal(processTree(pid), 'SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => process.exit(130));

/** Starts a program on one core. Its standard input is a pipe, its messages on standard error are dropped. */
export function startOn(core, command, args, options = {}) {
  const [program, ...rest] = isPinned
    ? ['taskset', '-c', String(core), command, ...args]
    : [command, ...args];
  const child = spawn(program, rest, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  started.add(child);
  child.ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signalName) => resolve({ code, signalName }));
  }).then((end) => {
    started.delete(child);
    return end;
  });
  child.stdin.on('error', () => {});
  child.output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    if (child.output.length < OUTPUT_LIMIT) child.output += text;
  });
  return child;
}

/** Waits for a program to print something; undefined when it ended or took too long. */
export async function printed(child, pattern, limitMs) {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const match = pattern.exec(child.output);
    if (match) return match;
    await sleep(10);
  }
  return pattern.exec(child.output) ?? undefined;
}

/** Runs a program to its end and resolves to what it printed. @throws Error when it fails or takes too long. */
export async function runOn(core, command, args, limitMs, options) {
  const child = startOn(core, command, args, options);
  child.stdin.end();
  const end = await Promise.race([child.ended, sleep(limitMs, 'late', { ref: false })]);
  if (end === 'late') await stop(child);
  if (end.code !== 0) throw new Error(`${command} ${end === 'late' ? 'took too long' : 'failed'}`);
  return child.output;
}

/** Ends a program and everything it started. */
export async function stop(child) {
  const pids = processTree(child.pid);
  thaw(child);
  signal([child.pid], 'SIGTERM');
  const end = await Promise.race([child.ended, sleep(STOP_GRACE, 'late', { ref: false })]);
  if (end === 'late') signal(pids, 'SIGKILL');
  await child.ended;
}

/** A frozen program gets no processor time, so that it cannot disturb the measurement of another. */
export function freeze(child) {
  signal(processTree(child.pid), 'SIGSTOP');
}

export function thaw(child) {
  signal(processTree(child.pid), 'SIGCONT');
}

/** Seconds of processor time that a program and its children have used so far. */
export function processorSeconds(child) {
  const ticks = processTree(child.pid).map((pid) => statFields(pid).slice(11, 13).map(Number));
  return ticks.flat().reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

/** Seconds of processor time of all programs that this process has run to their end. */
export function endedProcessorSeconds() {
  const [user, system] = statFields(process.pid).slice(13, 15).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

/**
 * Seconds that a core has been busy so far, for whomever. Interrupts are among them: their time is charged to the
 * program they interrupt, which is mostly the one they work for.
 */
export function coreSeconds(core) {
  const line = readFileSync('/proc/stat', 'utf8').match(new RegExp(`^cpu${core} (.*)$`, 'm'));
  const [user, nice, system, , , interrupt, softInterrupt, steal] = line[1].trim().split(' ').map(Number);
  return (user + nice + system + interrupt + softInterrupt + steal) / TICKS_PER_SECOND;
}

/**
 * Whether the connections of this machine, anybody's, hold so much memory that the kernel throttles all of them. A
 * thousand slow readers are enough for that.
 */
export function isNetworkStarved() {
  const used = Number(/^TCP:.* mem (\d+)$/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))[1]);
  const [low] = readFileSync('/proc/sys/net/ipv4/tcp_mem', 'utf8').split('\t').map(Number);
  return used > low;
}

/** Resident memory of a program and its children in MiB. */
export function residentMiB(child) {
  return sumOfStatus(child, 'VmRSS');
}

/** The most resident memory a program and its children ever had, in MiB. */
export function peakResidentMiB(child) {
  return sumOfStatus(child, 'VmHWM');
}

/** Bytes that a program has asked the system to read so far, from files and sockets, cached or not. */
export function bytesRead(child) {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${child.pid}/io`, 'utf8'))[1]);
}

/** How many descriptors a program, without its children, has open; how many are sockets, and files below a folder. */
export function openDescriptors(child, below) {
  const folder = `/proc/${child.pid}/fd`;
  const names = readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(`${folder}/${fd}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
  const beginning = (text) => names.filter((name) => name.startsWith(text)).length;
  return { all: names.length, sockets: beginning('socket:'), files: beginning(`${below}/`) };
}

function sumOfStatus(child, field) {
  const pattern = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm');
  const sizes = processTree(child.pid).map((pid) => {
    try {
      return Number(pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // has just ended
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** The fields of /proc/PID/stat from the third on; none for a process that has just ended. */
function statFields(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function processTree(pid) {
  if (pid === undefined) return [];
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(processTree)];
  } catch {
    return [pid];
  }
}

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it has ended already
    }
  }
}
