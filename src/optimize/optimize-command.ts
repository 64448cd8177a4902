import { findFiles } from './find-files.js';
import { removeLeftovers } from './leftovers.js';
import { type Optimization, Optimizations } from './optimizations.js';
import { failureOf, type Outcome, printOutcome, Summary } from './outcome.js';
import { describeProgress, ProgressBar } from './progress-bar.js';
import { previewRewrite, rewriteFile, type RewriteResult } from './rewrite-file.js';

/** The flags of `playhead optimize`. */
export interface OptimizeOptions {
  readonly keepOriginal?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Exit codes of a program that a signal ended, as shells have them. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * First looks at all files, then rewrites those that need it, one after the other.
 * @returns the exit code: 0 when all files are fine by now, or would be; 1 when one is not; 130 or 143 when cancelled
 */
export async function optimizeCommand(
  names: readonly string[],
  options: OptimizeOptions,
  write: (text: string) => void,
): Promise<number> {
  const run = new Run(options, write);
  let exitCode: number | undefined;
  const cancel = (signal: keyof typeof EXIT_CODES) => {
    exitCode = EXIT_CODES[signal];
    run.cancel();
  };
  process.on('SIGINT', cancel).on('SIGTERM', cancel);
  try {
    await run.survey(names);
    await run.rewrite();
    const code = run.end();
    return exitCode ?? code;
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
}

interface Candidate {
  readonly file: string;
  readonly size: number;
}

class Run {
  readonly #summary = new Summary();
  readonly #optimizations = new Optimizations();
  readonly #controller = new AbortController();
  readonly #candidates: Candidate[] = [];
  #leftovers = 0;

  constructor(
    private readonly options: OptimizeOptions,
    private readonly write: (text: string) => void,
  ) {}

  cancel(): void {
    this.#controller.abort();
    void this.#optimizations.cancel();
  }

  /** Finds out which files there is something to do for; of the others it is said at once what is with them. */
  async survey(names: readonly string[]): Promise<void> {
    const { dryRun = false, keepOriginal = false } = this.options;
    const { signal } = this.#controller;
    let looked = 0;
    const bar = new ProgressBar(process.stderr, () => `${looked} files looked at`);
    const files = findFiles(names, async (folder) => {
      if (!dryRun) this.#leftovers += await removeLeftovers(folder);
    });
    for await (const found of files) {
      if (signal.aborted) break;
      const { name } = found;
      looked += 1;
      try {
        if ('error' in found) throw found.error;
        const result = await previewRewrite(name, { keepOriginal, signal });
        if (result.state !== 'repairable' || dryRun) this.#say(bar, { file: name, ...result });
        else this.#candidates.push({ file: name, size: result.size });
      } catch (error) {
        if (!signal.aborted) this.#say(bar, failureOf(name, error));
      }
    }
    bar.end();
  }

  async rewrite(): Promise<void> {
    if (this.#controller.signal.aborted) return;
    const { keepOriginal = false } = this.options;
    const jobs = this.#candidates.map(({ file }) =>
      this.#optimizations.add(file, (control) => rewriteFile(file, { keepOriginal, ...control })),
    );
    const allBytes = this.#candidates.reduce((sum, { size }) => sum + size, 0);
    const begun = performance.now();
    let [files, bytes] = [0, 0];
    const bar = new ProgressBar(process.stderr, () => {
      const written = bytes + (jobs[files]?.progress.written ?? 0);
      const progress = { files, allFiles: jobs.length, bytes: written, allBytes };
      return describeProgress(progress, (performance.now() - begun) / 1000);
    });
    for (const [index, job] of jobs.entries()) {
      await job.ended;
      files += 1;
      bytes += this.#candidates[index]!.size;
      this.#say(bar, outcomeOf(job));
    }
    bar.end();
  }

  /** Prints the summary; returns the exit code. */
  end(): number {
    if (!this.options.json) this.write(this.#summary.print(this.#leftovers));
    return this.#summary.isFine ? 0 : 1;
  }

  #say(bar: ProgressBar, outcome: Outcome): void {
    this.#summary.add(outcome);
    bar.hide();
    this.write(this.options.json ? `${JSON.stringify(outcome)}\n` : printOutcome(outcome));
  }
}

function outcomeOf({ file, state, result, error }: Optimization): Outcome {
  if (state === 'cancelled') return { file, state };
  return state === 'failed' ? failureOf(file, error) : { file, ...(result as RewriteResult) };
}
