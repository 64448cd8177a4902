import type { Session } from './session.js';

type Outcome = { readonly value: unknown } | { readonly failure: string };

/**
 * Runs the body of an async function in the page. Engines disagree on promises returned by a plain
 * WebDriver script and on how they report its exceptions; the callback form is the same in all of them.
 */
export async function runInPage(session: Session, body: string, args: readonly unknown[]): Promise<unknown> {
  const outcome = (await session.runWithCallback(wrapped(body), args)) as Outcome | null;
  if (!outcome) throw new Error('the page went away while the script was running');
  if ('failure' in outcome) throw new Error(`the script failed in the page: ${outcome.failure}`);
  return outcome.value;
}

function wrapped(body: string): string {
  return `
    const done = arguments[arguments.length - 1];
    const args = Array.prototype.slice.call(arguments, 0, -1);
    (async function () {
      ${body}
    }).apply(null, args).then(
      (value) => done({ value: value === undefined ? null : value }),
      (error) => done({ failure: error + '\\n' + (error && error.stack) }),
    );
  `;
}
