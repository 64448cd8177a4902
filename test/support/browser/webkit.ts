import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from './closers.js';
import { freePort } from './free-port.js';
import { startGroup } from './process-group.js';
import type { Profile } from './profile.js';
import { needsOwnDisplay, pathOf } from './programs.js';
import type { Session } from './session.js';
import { webDriverSession } from './webdriver.js';
import { startDisplay } from './xvfb.js';

/** GTK prefers a Wayland session that happens to run, and starts a message bus and its services if none do. */
const BARE_GTK = { GDK_BACKEND: 'x11', DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1' };

/** As themed, the toolbar of the small browser needs more width than a phone has. */
const NARROW_WINDOW = '* { min-width: 0; padding: 0; margin: 0; }';

export async function launchWebKit(profile: Profile, closers: Closers): Promise<Session> {
  const display = needsOwnDisplay() ? await startDisplay(profile, closers) : currentDisplay();
  const gtk = join(profile.folder, 'config', 'gtk-3.0');
  await mkdir(gtk, { recursive: true });
  await writeFile(join(gtk, 'gtk.css'), NARROW_WINDOW);
  const port = await freePort();
  const driver = startGroup(pathOf('WebKitWebDriver'), [`--port=${port}`], {
    folder: profile.folder,
    env: { ...profile.env, ...display, ...BARE_GTK },
  });
  closers.add(() => driver.stop());
  return webDriverSession(driver, port, {
    'webkitgtk:browserOptions': {
      binary: pathOf('MiniBrowser'),
      args: ['--automation', '--autoplay-policy=allow'],
    },
  });
}

/** The key to the display is looked for in the home that the profile has replaced. */
function currentDisplay(): NodeJS.ProcessEnv {
  return { XAUTHORITY: process.env.XAUTHORITY ?? join(homedir(), '.Xauthority') };
}
