import type { ProcessGroup } from './process-group.js';
import { type Session, TIMEOUTS } from './session.js';
import { untilUp } from './until-up.js';

type Send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  timeoutMs?: number,
) => Promise<unknown>;

interface NewSession {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion?: string };
}

/** W3C WebDriver: JSON over HTTP, spoken by chromedriver and WebKitWebDriver. */
export async function webDriverSession(
  driver: ProcessGroup,
  port: number,
  capabilities: object,
): Promise<Session> {
  const send = sender(`http://127.0.0.1:${port}`);
  await untilUp(driver, () => send('GET', '/status', undefined, 2_000));
  const { sessionId, capabilities: actual } = (await send('POST', '/session', {
    capabilities: { alwaysMatch: capabilities },
  })) as NewSession;

  const at = `/session/${sessionId}`;
  await send('POST', `${at}/timeouts`, { script: TIMEOUTS.script, pageLoad: TIMEOUTS.pageLoad });
  return {
    version: actual.browserVersion ?? 'unknown',
    goto: async (url) => {
      await send('POST', `${at}/url`, { url });
    },
    runWithCallback: (script, args) => send('POST', `${at}/execute/async`, { script, args }),
    screenshot: async () => (await send('GET', `${at}/screenshot`)) as string,
    setWindowSize: async (width, height) => {
      await send('POST', `${at}/window/rect`, { width, height });
    },
    quit: async () => {
      // The driver may have gone already, and its process group is ended next in any case.
      await send('DELETE', at, undefined, TIMEOUTS.quit).catch(() => undefined);
    },
  };
}

function sender(base: string): Send {
  return async (method, path, body = {}, timeoutMs = TIMEOUTS.script + 10_000) => {
    const response = await fetch(base + path, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (response.ok) return value;
    // Only the status tells a failure: the result of a page's own script may well have an `error` field.
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${method} ${path}: ${error}: ${message}`);
  };
}
