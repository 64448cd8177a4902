import { setTimeout as sleep } from 'node:timers/promises';
import { MarionetteConnection } from './marionette-connection.js';
import { type Session, TIMEOUTS } from './session.js';

/** Marionette: Firefox's own remote protocol, which spares us a driver that few systems package. */
export async function marionetteSession(port: number): Promise<Session> {
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

function session(connection: MarionetteConnection, version: string): Session {
  const act = async (name: string, parameters: object): Promise<void> => {
    await connection.command(name, parameters);
  };
  const ask = async (name: string, parameters: object): Promise<unknown> =>
    ((await connection.command(name, parameters)) as { value: unknown }).value;
  return {
    version,
    goto: (url) => act('WebDriver:Navigate', { url }),
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
