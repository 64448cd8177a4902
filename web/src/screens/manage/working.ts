import { dock } from '../../ui/layers.svelte.ts';
import Working from './Working.svelte';
import { Work } from './work.svelte.ts';

/** What is over before this shows nothing. */
const SHOWN_AFTER = 600;

/** Does something that may take long, and shows it with a button that calls it off. @param total of its steps */
export async function working<T>(
  label: string,
  total: number,
  task: (work: { signal: AbortSignal; progress: (done: number) => void }) => Promise<T>,
): Promise<T> {
  const work = new Work(label, total);
  let remove: (() => void) | undefined;
  const timer = setTimeout(() => (remove = dock(Working, { work })), SHOWN_AFTER);
  try {
    return await task({ signal: work.signal, progress: (done) => (work.done = done) });
  } finally {
    clearTimeout(timer);
    remove?.();
  }
}
