import { launchChromium } from './chromium.js';
import { Closers } from './closers.js';
import { launchFirefox } from './firefox.js';
import type { LaunchOptions } from './launch-options.js';
import { resizeViewport } from './viewport.js';
import { runInPage } from './page-script.js';
import { freshProfile, type Profile } from './profile.js';
import { type Engine, missingPrograms } from './programs.js';
import type { LaunchedBrowser } from './session.js';
import { launchWebKit } from './webkit.js';

export { type Engine, missingPrograms } from './programs.js';

export interface Browser {
  readonly engine: Engine;
  readonly version: string;
  goto(url: string): Promise<void>;
  /** The script is the body of an async function in the page: it finds its arguments in `arguments`. */
  run<T>(script: string, ...args: readonly unknown[]): Promise<T>;
  /** PNG of what the page shows. */
  screenshot(): Promise<Buffer>;
  /** Sets the size that the page sees, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** A command of the Chrome DevTools Protocol. @throws Error in every engine but Chromium */
  cdp<T>(method: string, parameters?: object): Promise<T>;
  /** What `Page` is made of. */
  readonly session: LaunchedBrowser;
  close(): Promise<void>;
}

type Launch = (profile: Profile, closers: Closers, options: LaunchOptions) => Promise<LaunchedBrowser>;

const LAUNCH: Record<Engine, Launch> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

const ERROR_PAGE = /^(about|chrome-error):/;

/** A browser with a profile of its own. Close it, also after a failed test: `afterAll` is the place. */
export async function openBrowser(engine: Engine, options: LaunchOptions = {}): Promise<Browser> {
  const missing = missingPrograms(engine);
  if (missing.length > 0) throw new Error(`${engine} cannot run here, not installed: ${missing.join(', ')}`);

  const closers = new Closers();
  try {
    const profile = await freshProfile(engine, closers);
    const session = await LAUNCH[engine](profile, closers, options);
    closers.add(() => session.quit());
    return browser(engine, session, closers);
  } catch (error) {
    // Why it did not open is what matters, not what closing the rest ran into.
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

function browser(engine: Engine, session: LaunchedBrowser, closers: Closers): Browser {
  const run = async <T>(script: string, ...args: readonly unknown[]): Promise<T> =>
    (await runInPage(session, script, args)) as T;
  return {
    engine,
    version: session.version,
    goto: async (url) => {
      await session.goto(url);
      const shown = await run<string>('return document.URL');
      // Some engines call it a success to have shown their own page about the failure.
      if (ERROR_PAGE.test(shown) && !url.startsWith('about:'))
        throw new Error(`${engine} could not load ${url}`);
    },
    run,
    screenshot: async () => Buffer.from(await session.screenshot(), 'base64'),
    resize: (width, height) => resizeViewport(session, width, height),
    cdp: async <T>(method: string, parameters: object = {}): Promise<T> => {
      if (!session.cdp) throw new Error(`${engine} does not speak the Chrome DevTools Protocol`);
      return (await session.cdp(method, parameters)) as T;
    },
    session,
    close: () => closers.closeAll(),
  };
}
