import type { Closers } from './closers.js';
import { freePort } from './free-port.js';
import { startGroup } from './process-group.js';
import type { Profile } from './profile.js';
import { pathOf } from './programs.js';
import type { Session } from './session.js';
import { webDriverSession } from './webdriver.js';

const SWITCHES = [
  '--headless=new',
  // Containers rarely allow the sandbox; the pages are our own.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--mute-audio',
  // Without it even a muted <audio> may not play by itself.
  '--autoplay-policy=no-user-gesture-required',
  // Nothing but the pages under test may use the network.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-quic',
  '--disable-sync',
  // A name as of a page elsewhere, which leads to this machine.
  '--host-resolver-rules=MAP rebound.example 127.0.0.1',
  '--no-default-browser-check',
  '--no-first-run',
];

export async function launchChromium(profile: Profile, closers: Closers): Promise<Session> {
  const port = await freePort();
  const driver = startGroup(pathOf('chromedriver'), [`--port=${port}`], profile);
  closers.add(() => driver.stop());
  return webDriverSession(driver, port, {
    'goog:chromeOptions': {
      binary: pathOf('chromium'),
      args: [...SWITCHES, `--user-data-dir=${profile.folder}/chromium`],
    },
  });
}
