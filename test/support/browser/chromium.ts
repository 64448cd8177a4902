import type { Closers } from './closers.js';
import { freePort } from './free-port.js';
import { startGroup } from './process-group.js';
import type { Profile } from './profile.js';
import { pathOf } from './programs.js';
import type { LaunchOptions } from './launch-options.js';
import type { LaunchedBrowser } from './session.js';
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

interface LogEntry {
  readonly level: string;
  readonly message: string;
}

export async function launchChromium(
  profile: Profile,
  closers: Closers,
  options: LaunchOptions,
): Promise<LaunchedBrowser> {
  const port = await freePort();
  const driver = startGroup(pathOf('chromedriver'), [`--port=${port}`], profile);
  closers.add(() => driver.stop());
  const { language } = options;
  const session = await webDriverSession(driver, port, {
    'goog:chromeOptions': {
      binary: pathOf('chromium'),
      args: [
        ...SWITCHES,
        `--user-data-dir=${profile.folder}/chromium`,
        ...(language === undefined ? [] : [`--lang=${language}`]),
      ],
      prefs: { ...(language !== undefined && { 'intl.accept_languages': language }) },
    },
    'goog:loggingPrefs': { browser: 'ALL' },
  });
  const cdp = (method: string, params: object): Promise<unknown> =>
    session.command('goog/cdp/execute', { cmd: method, params });

  const features = [
    { name: 'prefers-color-scheme', value: options.colorScheme },
    { name: 'prefers-reduced-motion', value: options.reducedMotion ? 'reduce' : undefined },
  ].filter(({ value }) => value !== undefined);
  if (features.length > 0) await cdp('Emulation.setEmulatedMedia', { features });

  return {
    ...session,
    cdp,
    // Reading the log empties it. It has failed requests and violations of the page's policy, too.
    takeErrors: async () =>
      ((await session.command('se/log', { type: 'browser' })) as LogEntry[])
        .filter(({ level }) => level === 'SEVERE')
        .map(({ message }) => message),
  };
}
