import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from './closers.js';
import { freePort } from './free-port.js';
import { startGroup } from './process-group.js';
import type { Profile } from './profile.js';
import { needsOwnDisplay, pathOf } from './programs.js';
import type { LaunchOptions } from './launch-options.js';
import type { LaunchedBrowser } from './session.js';
import { webDriverSession } from './webdriver.js';
import { watchConsole } from './webkit-console.js';
import { startDisplay } from './xvfb.js';

/** GTK prefers a Wayland session that happens to run, and starts a message bus and its services if none do. */
const BARE_GTK = { GDK_BACKEND: 'x11', DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1' };

/** As themed, the toolbar of the small browser needs more width than a phone has. */
const NARROW_WINDOW = '* { min-width: 0; padding: 0; margin: 0; }';

export async function launchWebKit(
  profile: Profile,
  closers: Closers,
  options: LaunchOptions,
): Promise<LaunchedBrowser> {
  const display = needsOwnDisplay() ? await startDisplay(profile, closers) : currentDisplay();
  const gtk = join(profile.folder, 'config', 'gtk-3.0');
  await mkdir(gtk, { recursive: true });
  await writeFile(join(gtk, 'gtk.css'), NARROW_WINDOW);
  await writeFile(join(gtk, 'settings.ini'), settings(options));
  const port = await freePort();
  const driver = startGroup(pathOf('WebKitWebDriver'), [`--port=${port}`], {
    folder: profile.folder,
    env: { ...profile.env, ...display, ...BARE_GTK, ...(await locale(profile.folder, options)) },
  });
  closers.add(() => driver.stop());
  const session = await webDriverSession(driver, port, {
    'webkitgtk:browserOptions': {
      binary: pathOf('MiniBrowser'),
      args: [
        '--automation',
        '--autoplay-policy=allow',
        ...(options.colorScheme === 'dark' ? ['--dark-mode'] : []),
      ],
    },
  });
  return { ...session, ...watchConsole(session) };
}

function settings({ reducedMotion }: LaunchOptions): string {
  return reducedMotion ? '[Settings]\ngtk-enable-animations=0\n' : '';
}

/**
 * The engine takes the language from the name of the locale, which must exist, and machines for tests have few:
 * the locale of C does under any name.
 */
async function locale(folder: string, { language }: LaunchOptions): Promise<NodeJS.ProcessEnv> {
  if (language === undefined) return {};
  const name = `${language.replace('-', '_')}.UTF-8`;
  const locales = join(folder, 'locale');
  await mkdir(locales);
  await symlink('/usr/lib/locale/C.utf8', join(locales, name));
  return { LOCPATH: locales, LANGUAGE: '', LANG: name, LC_ALL: name };
}

/** The key to the display is looked for in the home that the profile has replaced. */
function currentDisplay(): NodeJS.ProcessEnv {
  return { XAUTHORITY: process.env.XAUTHORITY ?? join(homedir(), '.Xauthority') };
}
