import { setTimeout as sleep } from 'node:timers/promises';
import { MarionetteConnection } from './marionette-connection.js';
import { type ElementReference, type Session, TIMEOUTS } from './session.js';

export interface MarionetteSession extends Session {
  /** Runs the body of a function with the rights of the browser itself. */
  runInBrowser(script: string): Promise<unknown>;
}

/** Marionette: Firefox's own remote protocol, which spares us a driver that few systems package. */
export async function marionetteSession(port: number): Promise<MarionetteSession> {
  const connection = await MarionetteConnection.open(port);
  try {
    const { capabilities } = (await connection.command('WebDriver:NewSession', {
      capabilities: { alwaysMatch: {} },
    })) as { capabilities: { browserVersion: string } };
    await connection.command('WebDriver:SetTimeouts', {
      script: TIMEOUTS.script,
      pageLoad: TIMEOUTS.pageLoad,
    });
    return session(connection, capabilities.browserVersion);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function session(connection: MarionetteConnection, version: string): MarionetteSession {
  const act = async (name: string, parameters: object): Promise<void> => {
    await connection.command(name, parameters);
  };
  const ask = async (name: string, parameters: object): Promise<unknown> =>
    ((await connection.command(name, parameters)) as { value: unknown }).value;
  return {
    version,
    runInBrowser: async (script) => {
      await act('Marionette:SetContext', { value: 'chrome' });
      try {
        return await ask('WebDriver:ExecuteScript', { script, args: [], sandbox: 'system' });
      } finally {
        await act('Marionette:SetContext', { value: 'content' });
      }
    },
    goto: (url) => act('WebDriver:Navigate', { url }),
    back: () => act('WebDriver:Back', {}),
    reload: () => act('WebDriver:Refresh', {}),
    perform: (actions) => act('WebDriver:PerformActions', { actions }),
    release: () => act('WebDriver:ReleaseActions', {}),
    sendKeys: (element, text) => act('WebDriver:ElementSendKeys', { id: idOf(element), text }),
    choose: (element) => act('WebDriver:ElementClick', { id: idOf(element) }),
    deleteCookies: () => act('WebDriver:DeleteAllCookies', {}),
    runWithCallback: (script, args) =>
      ask('WebDriver:ExecuteAsyncScript', { script, args, newSandbox: false }),
    screenshot: async () => (await ask('WebDriver:TakeScreenshot', { full: false })) as string,
    setWindowSize: (width, height) => act('WebDriver:SetWindowRect', { width, height }),
    quit: async () => {
      const asked = connection.command('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined);
      await Promise.race([asked, sleep(TIMEOUTS.quit, undefined, { ref: false })]);
      connection.close();
    },
  };
}

function idOf(element: ElementReference): string {
  return element['element-6066-11e4-a52e-4f735466cecf'];
}
