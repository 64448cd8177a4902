import type { ProcessGroup } from './process-group.js';
import { type ElementReference, type Session, TIMEOUTS } from './session.js';
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

export interface WebDriverSession extends Session {
  /** A command of the driver's own, by its path under the session. */
  command(path: string, body: object): Promise<unknown>;
}

/** W3C WebDriver: JSON over HTTP, spoken by chromedriver and WebKitWebDriver. */
export async function webDriverSession(
  driver: ProcessGroup,
  port: number,
  capabilities: object,
): Promise<WebDriverSession> {
  const send = sender(`http://127.0.0.1:${port}`);
  await untilUp(driver, () => send('GET', '/status', undefined, 2_000));
  const { sessionId, capabilities: actual } = (await send('POST', '/session', {
    capabilities: { alwaysMatch: capabilities },
  })) as NewSession;

  const at = `/session/${sessionId}`;
  await send('POST', `${at}/timeouts`, { script: TIMEOUTS.script, pageLoad: TIMEOUTS.pageLoad });
  const act = async (path: string, body: object = {}): Promise<void> => {
    await send('POST', `${at}/${path}`, body);
  };
  return {
    version: actual.browserVersion ?? 'unknown',
    command: (path, body) => send('POST', `${at}/${path}`, body),
    goto: (url) => act('url', { url }),
    back: () => act('back'),
    reload: () => act('refresh'),
    perform: (actions) => act('actions', { actions }),
    release: async () => {
      await send('DELETE', `${at}/actions`);
    },
    sendKeys: (element, text) => act(`element/${idOf(element)}/value`, { text }),
    choose: (element) => act(`element/${idOf(element)}/click`),
    deleteCookies: async () => {
      await send('DELETE', `${at}/cookie`);
    },
    runWithCallback: (script, args) => send('POST', `${at}/execute/async`, { script, args }),
    screenshot: async () => (await send('GET', `${at}/screenshot`)) as string,
    setWindowSize: (width, height) => act('window/rect', { width, height }),
    quit: async () => {
      // The driver may have gone already, and its process group is ended next in any case.
      await send('DELETE', at, undefined, TIMEOUTS.quit).catch(() => undefined);
    },
  };
}

function idOf(element: ElementReference): string {
  return element['element-6066-11e4-a52e-4f735466cecf'];
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
