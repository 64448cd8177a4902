import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const PROJECT = path.join(import.meta.dirname, '../..');
const CLI = path.join(PROJECT, 'dist/cli.js');

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs as this user, when the tests run as root. */
  readonly uid?: number;
}

/** The built program as a process of its own. */
export class PlayheadProcess {
  stdout = '';
  stderr = '';
  readonly #exit: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#exit = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Starts the program with these arguments. */
  static start(args: readonly string[], options: Options = {}): PlayheadProcess {
    return PlayheadProcess.launch(process.execPath, [CLI, ...args], options);
  }

  static launch(
    command: string,
    args: readonly string[],
    { env = {}, cwd, uid }: Options = {},
  ): PlayheadProcess {
    // What the machine of the tests has set is not to decide what they find.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:PLAYHEAD_|FS_|NODE_OPTIONS|CI$|NO_COLOR$|FORCE_COLOR$)/.test(name),
    );
    const child = spawn(command, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that `kill` reaches what npm has started.
      detached: true,
      ...(uid !== undefined && { uid }),
    });
    return new PlayheadProcess(child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits for the start-up message. */
  async listening(timeoutMs = 20_000): Promise<{ readonly url: string; readonly port: number }> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline && this.child.exitCode === null) {
      const match = /listening on (https?:\/\/\S+:(\d+))/.exec(this.stdout);
      if (match) return { url: match[1]!, port: Number(match[2]) };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`did not start:\n${this.stdout}\n${this.stderr}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit code, once the process has ended and its output is complete. */
  exited(): Promise<number | null> {
    return this.#exit;
  }

  /** Ends whatever is left of it. */
  async kill(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    await this.#exit;
  }
}

/** Runs the program to its end. */
export async function runPlayhead(args: readonly string[], options: Options = {}) {
  const program = PlayheadProcess.start(args, options);
  const code = await program.exited();
  return { code, stdout: program.stdout, stderr: program.stderr };
}
