import { launchChromium } from './chromium.js';
import { Closers } from './closers.js';
import { launchFirefox } from './firefox.js';
import { resizeViewport } from './viewport.js';
import { runInPage } from './page-script.js';
import { freshProfile, type Profile } from './profile.js';
import { type Engine, missingPrograms } from './programs.js';
import type { Session } from './session.js';
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
  close(): Promise<void>;
}

const LAUNCH: Record<Engine, (profile: Profile, closers: Closers) => Promise<Session>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

const ERROR_PAGE = /^(about|chrome-error):/;

/** A browser with a profile of its own. Close it, also after a failed test: `afterAll` is the place. */
export async function openBrowser(engine: Engine): Promise<Browser> {
  const missing = missingPrograms(engine);
  if (missing.length > 0) throw new Error(`${engine} cannot run here, not installed: ${missing.join(', ')}`);

  const closers = new Closers();
  try {
    const profile = await freshProfile(engine, closers);
    const session = await LAUNCH[engine](profile, closers);
    closers.add(() => session.quit());
    return browser(engine, session, closers);
  } catch (error) {
    // Why it did not open is what matters, not what closing the rest ran into.
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

function browser(engine: Engine, session: Session, closers: Closers): Browser {
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
    close: () => closers.closeAll(),
  };
}
