import { type Answer, type Ask } from './wire/answer.js';
import { toWireError, type WireError } from './wire/wire-error.js';

/** More than this, and browsers are far from giving up, but something is wrong. */
const MOST_REDIRECTS = 5;

export interface Redirect {
  readonly status: number;
  readonly from: URL;
  readonly to: URL;
}

/** Where the first request led. */
export interface Arrival {
  readonly redirects: readonly Redirect[];
  /** The URL that answered last. */
  readonly url: URL;
  /** What it answered; undefined when it did not, or when it leads where the doctor does not go. */
  readonly answer?: Answer;
  readonly error?: WireError;
  /** Why the last redirect was not followed. */
  readonly stop?: 'scheme' | 'too-many' | 'no-location';
  /** The target that was not followed, for `scheme`. */
  readonly beyond?: URL;
}

/** Sends a request and follows its redirects within one scheme. */
export async function arrive(
  start: URL,
  ask: Ask,
  send: (url: URL, ask: Ask) => Promise<Answer>,
): Promise<Arrival> {
  const redirects: Redirect[] = [];
  let url = start;
  for (;;) {
    let answer: Answer;
    try {
      answer = await send(url, ask);
    } catch (error) {
      return { redirects, url, error: toWireError(error) };
    }
    if (![301, 302, 303, 307, 308].includes(answer.status)) return { redirects, url, answer };
    const to = targetOf(answer, url);
    if (!to) return { redirects, url, answer, stop: 'no-location' };
    if (to.protocol !== url.protocol) return { redirects, url, answer, stop: 'scheme', beyond: to };
    if (redirects.length === MOST_REDIRECTS) return { redirects, url, answer, stop: 'too-many' };
    redirects.push({ status: answer.status, from: url, to });
    url = to;
  }
}

function targetOf(answer: Answer, base: URL): URL | undefined {
  const location = answer.field('location');
  const to = location === undefined ? null : URL.parse(location, base.href);
  if (!to) return undefined;
  // Credentials that a server writes into its redirects are no concern of ours.
  to.username = to.password = to.hash = '';
  return to;
}
