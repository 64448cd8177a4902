import { setTimeout as sleep } from 'node:timers/promises';
import { LOCATE, type Readiness } from './locate-script.js';
import { runInPage } from './page-script.js';
import type { ElementReference, Session } from './session.js';
import { describeTarget, portable, type Target } from './target.js';

export interface Located {
  readonly element: ElementReference;
  /** Where to click, in CSS pixels of the viewport: only of what is reachable. */
  readonly x: number;
  readonly y: number;
}

/** How long a page may take to show what a test waits for, in milliseconds. */
export const PATIENCE = 10_000;

/** @throws Error that says what was looked for, why it was not found, and what the page shows instead. */
export async function locate(
  session: Session,
  target: Target,
  readiness: Readiness,
  patience = PATIENCE,
): Promise<Located> {
  let why = '';
  const found = await until(async () => {
    const result = (await runInPage(session, LOCATE, [portable(target), readiness])) as
      Located | { why: string };
    if (!('why' in result)) return result;
    why = result.why;
    return undefined;
  }, patience);
  if (found) return found;
  throw new Error(
    `waited ${patience / 1000} s for ${describeTarget(target)}: ${why}\n${await shownBy(session)}`,
  );
}

/** Whether nothing visible is meant by the target, at this moment. */
export async function isGone(session: Session, target: Target): Promise<boolean> {
  const result = (await runInPage(session, LOCATE, [portable(target), 'visible'])) as object;
  return 'why' in result && !('count' in result);
}

/**
 * Repeats until the attempt has a result, for at most so many milliseconds. A page may go away while a script runs in it:
 * what failed is tried again, too, and thrown only when time is up.
 */
export async function until<T>(
  attempt: () => Promise<T | undefined>,
  patience: number,
): Promise<T | undefined> {
  const deadline = performance.now() + patience;
  for (;;) {
    let failure: unknown;
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      if (failure) throw failure as Error;
      return undefined;
    }
    await sleep(50);
  }
}

/** What the page shows, for error messages. */
export async function shownBy(session: Session): Promise<string> {
  const { title, url, text } = (await runInPage(session, SHOWN, [])) as Record<string, string>;
  return `the page is "${title}" at ${url}, and shows:\n${text}`;
}

const SHOWN = `
  const text = document.body ? document.body.innerText.slice(0, 500) : '';
  return { title: document.title, url: document.URL, text };
`;
