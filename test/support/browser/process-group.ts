import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessGroup {
  /** Why the program is no longer running, or undefined while it still is. */
  ended(): Error | undefined;
  /** The stream of an extra descriptor asked for with `descriptor3`. */
  readonly descriptor3: Readable | undefined;
  /** Ends the program and everything it started; returns when they are gone. */
  stop(): Promise<void>;
}

export interface ProcessGroupOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Folder to delete, should this process die before it could clean up itself. */
  readonly folder?: string;
  /** Open a pipe as descriptor 3 of the program, for programs that report through one. */
  readonly descriptor3?: 'pipe';
  /** Gets what the program and its family write to their standard output. */
  readonly onOutput?: (text: string) => void;
}

/** How long a program may take to end by itself before it is killed. */
const GRACE_MS = 3_000;

/**
 * Runs the program as the leader of its own group, with a guard beside it. The guard reads a pipe that
 * only this process holds open: end of file means that we died, however abruptly (a killed test runner
 * runs no `afterAll`), so the guard ends the group and deletes the folder in our place.
 */
const GUARDED = `
folder=$1; shift
exec 9<&0 </dev/null
{
  exec >/dev/null 2>&1 3>&-
  cat <&9
  trap '' TERM; kill -TERM 0; sleep 1
  [ -z "$folder" ] || rm -rf "$folder"
  kill -KILL 0
} &
exec "$@" 9<&-
`;

/** Browsers are families of processes: only a signal to the whole group leaves none behind. */
export function startGroup(
  program: string,
  args: readonly string[],
  options: ProcessGroupOptions,
): ProcessGroup {
  // To see why a browser fails: BROWSER_OUTPUT=1 in front of the test command.
  const output = process.env.BROWSER_OUTPUT ? 'inherit' : 'ignore';
  const child = spawn('/bin/sh', ['-c', GUARDED, 'guarded', options.folder ?? '', program, ...args], {
    detached: true,
    env: options.env,
    stdio: ['pipe', options.onOutput ? 'pipe' : output, output, options.descriptor3 ?? 'ignore'],
  });
  // The guard covers a forgotten browser, so one must not keep the test runner waiting either.
  child.unref();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => options.onOutput?.(text));

  let ended: Error | undefined;
  const gone = new Promise<void>((resolve) => {
    const note = (reason: string): void => {
      ended ??= new Error(`${program} ${reason}`);
      resolve();
    };
    child.once('error', (error) => note(`did not start: ${error.message}`));
    child.once('exit', (code, signal) => note(`ended (${signal ?? `exit code ${code}`})`));
  });

  const stop = async (): Promise<void> => {
    child.ref();
    signalGroup(child.pid, 'SIGTERM');
    const waiting = new AbortController();
    await Promise.race([gone, sleep(GRACE_MS, undefined, waiting).catch(() => undefined)]);
    waiting.abort();
    signalGroup(child.pid, 'SIGKILL');
    await gone;
    await untilGroupIsEmpty(child.pid);
  };
  return { ended: () => ended, descriptor3: (child.stdio[3] as Readable | null) ?? undefined, stop };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Bounded, because a container whose first process reaps no orphans keeps their entries for ever. */
async function untilGroupIsEmpty(pid: number | undefined): Promise<void> {
  for (let tries = 0; tries < 30 && signalGroup(pid, 0); tries++) await sleep(10);
}
