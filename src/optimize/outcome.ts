import { styleText } from 'node:util';
import { formatSize } from '../media/format-values.js';
import { RewriteError } from './rewrite-error.js';
import type { RewriteResult } from './rewrite-file.js';

/** A file and what became of it, as `--json` prints it. */
export type Outcome = { readonly file: string } & (
  | RewriteResult
  | { readonly state: 'failed'; readonly reason: string; readonly message: string }
  | { readonly state: 'cancelled' }
);

export function failureOf(file: string, error: unknown): Outcome {
  if (error instanceof RewriteError)
    return { file, state: 'failed', reason: error.reason, message: error.message };
  const { name, message } = error as Error;
  return { file, state: 'failed', reason: 'internal', message: `${name}: ${message}` };
}

/** Whether it is as it should be, or would be. */
export function isFine(outcome: Outcome): boolean {
  if (outcome.state === 'not-needed') return true;
  if (outcome.state !== 'rewritten' && outcome.state !== 'repairable') return false;
  return outcome.repairs.every(({ state }) => state === 'applied');
}

const WORDS: Record<Outcome['state'], string> = {
  rewritten: 'rewritten',
  repairable: 'repairable',
  'not-needed': 'nothing to do',
  impossible: 'impossible',
  failed: 'failed',
  cancelled: 'cancelled',
};
const STYLES = {
  rewritten: 'green',
  repairable: 'green',
  'not-needed': 'dim',
  impossible: 'yellow',
  failed: 'red',
  cancelled: 'yellow',
} as const;
const WIDTH = 15;

/** One line for a file; none where there was nothing to do, or it was not begun. */
export function printOutcome(outcome: Outcome): string {
  const { state, file } = outcome;
  if (state === 'not-needed' || state === 'cancelled') return '';
  return `${paint(state)}${printable(file)}: ${sentencesOf(outcome).join(' ')}\n`;
}

function sentencesOf(outcome: Outcome): string[] {
  if (outcome.state === 'failed') return [outcome.message, `(${outcome.reason})`];
  if (!('repairs' in outcome)) return [];
  const said = outcome.repairs.flatMap((repair) =>
    repair.state === 'applied'
      ? repair.changes
      : [`Not repaired: ${repair.repair} (${repair.reason}). ${repair.message}`],
  );
  const others = 'otherNames' in outcome ? outcome.otherNames : 0;
  if (others > 0) said.push(`It has ${others} more name${others > 1 ? 's' : ''} with the old bytes.`);
  return said;
}

/** How many files of each kind there were, and the bytes of those that were rewritten or would be. */
export class Summary {
  readonly #counts = new Map<Outcome['state'], { files: number; bytes: number }>();
  #isFine = true;

  add(outcome: Outcome): void {
    const count = this.#counts.get(outcome.state) ?? { files: 0, bytes: 0 };
    count.files += 1;
    if ('size' in outcome) count.bytes += outcome.size;
    this.#counts.set(outcome.state, count);
    if (!isFine(outcome)) this.#isFine = false;
  }

  get isFine(): boolean {
    return this.#isFine;
  }

  print(leftovers: number): string {
    const lines = (Object.keys(WORDS) as Outcome['state'][]).flatMap((state) => {
      const count = this.#counts.get(state);
      if (!count) return [];
      const bytes = count.bytes > 0 ? `   ${formatSize(count.bytes)}` : '';
      return `${paint(state)}${String(count.files).padStart(7)}${bytes}`;
    });
    if (leftovers > 0) lines.push(`${'cleaned up'.padEnd(WIDTH)}${String(leftovers).padStart(7)}`);
    return lines.length > 0 ? `${lines.join('\n')}\n` : 'no files\n';
  }
}

/** Colours on a terminal, unless NO_COLOR is set. */
function paint(state: Outcome['state']): string {
  return styleText(STYLES[state], WORDS[state].padEnd(WIDTH), { stream: process.stdout });
}

/** A name may hold what a terminal obeys. */
export function printable(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[\x00-\x1f\x7f-\x9f]/g, '\u{fffd}');
}
