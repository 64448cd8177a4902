import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closers } from './closers.js';
import { marionetteSession } from './marionette.js';
import { startGroup } from './process-group.js';
import { CONSOLE_TO_OUTPUT, FORGET_ERRORS, SpokenErrors, TAKE_ERRORS } from './firefox-console.js';
import type { Profile } from './profile.js';
import { pathOf } from './programs.js';
import type { LaunchOptions } from './launch-options.js';
import type { LaunchedBrowser } from './session.js';
import { untilUp } from './until-up.js';

const PREFERENCES = {
  // Firefox chooses a free port and writes it into its profile.
  'marionette.port': 0,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // Nothing but the pages under test may use the network.
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  // A name as of a page elsewhere, which leads to this machine.
  'network.dns.localDomains': 'rebound.example',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
  'toolkit.legacyUserProfileCustomizations.stylesheets': true,
};

/** Firefox keeps its toolbars usable: no window under 500 pixels, which is wider than a phone. */
const NARROW_WINDOW = ':root { min-width: 0 !important; min-height: 0 !important; }';

export async function launchFirefox(
  profile: Profile,
  closers: Closers,
  options: LaunchOptions,
): Promise<LaunchedBrowser> {
  const preferences = Object.entries({ ...PREFERENCES, ...CONSOLE_TO_OUTPUT, ...preferencesOf(options) }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile.folder, 'user.js'), preferences.join(''));
  await mkdir(join(profile.folder, 'chrome'));
  await writeFile(join(profile.folder, 'chrome', 'userChrome.css'), NARROW_WINDOW);

  const switches = [
    '--headless',
    '--marionette',
    '--remote-allow-system-access',
    '--no-remote',
    '--profile',
    profile.folder,
    'about:blank',
  ];
  const spoken = new SpokenErrors();
  const firefox = startGroup(pathOf('firefox'), switches, {
    ...profile,
    onOutput: (text) => spoken.take(text),
  });
  closers.add(() => firefox.stop());
  const port = await untilUp(firefox, () => activePort(profile.folder));
  const session = await marionetteSession(port);
  await session.runInBrowser(FORGET_ERRORS);
  return {
    ...session,
    takeErrors: async () => {
      const errors = (await session.runInBrowser(TAKE_ERRORS)) as string[];
      return [...errors, ...spoken.takeAll()];
    },
  };
}

function preferencesOf({ language, colorScheme, reducedMotion }: LaunchOptions): Record<string, unknown> {
  return {
    ...(language !== undefined && { 'intl.accept_languages': language }),
    ...(colorScheme && {
      'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    }),
    ...(reducedMotion && { 'ui.prefersReducedMotion': 1 }),
  };
}

async function activePort(folder: string): Promise<number> {
  const port = Number(await readFile(join(folder, 'MarionetteActivePort'), 'utf8'));
  // The file exists for a moment before its content does.
  if (!(port > 0)) throw new Error('Firefox has not told its port');
  return port;
}
