import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it, jest } from '@jest/globals';
import { type Browser, type Engine, missingPrograms, openBrowser } from './engines.js';
import type { LaunchOptions } from './launch-options.js';
import { PATIENCE } from './locate.js';
import { Page } from './page.js';

export interface PagesOptions extends LaunchOptions {
  /** All three, where nothing is said. */
  readonly engines?: readonly Engine[];
}

export interface PageSuite {
  readonly engine: Engine;
  /** The page of the engine's browser, which is open while tests and their hooks run. */
  readonly page: () => Page;
  /** As jest's own, but a test that fails leaves a screenshot and names it. */
  readonly it: (name: string, test: (page: Page) => Promise<void>, timeoutMs?: number) => void;
}

const ENGINES: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/**
 * The same tests in each engine, in one browser per engine. An engine that is not installed is skipped. After
 * each test the console must show no errors, but for those the test has allowed.
 */
export function describePages(
  name: string,
  tests: (suite: PageSuite) => void,
  options: PagesOptions = {},
): void {
  describe.each(options.engines ?? ENGINES)(`${name} in %s`, (engine) => {
    const missing = missingPrograms(engine);
    if (missing.length > 0) {
      it.skip(`works (not installed: ${missing.join(', ')})`, () => undefined);
      return;
    }

    // Engines stall now and then while others keep the machine busy; what is wrong with the page is so every time.
    jest.retryTimes(1, { logErrorsBeforeRetry: true });
    let browser: Browser | undefined;
    let page: Page | undefined;
    const current = (): Page => {
      if (!page) throw new Error('the browser opens in beforeAll: ask for the page in a test or a hook');
      return page;
    };
    beforeAll(async () => {
      browser = await openBrowser(engine, options);
      page = new Page(browser);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
    }, 30_000);
    beforeEach(async () => {
      current().patience = PATIENCE;
      await current().forgetErrors();
    });
    afterEach(() => current().expectNoErrors());

    tests({
      engine,
      page: current,
      it: (title, test, timeoutMs = 60_000) =>
        it(title, () => withScreenshot(current(), `${name} ${title}`, test), timeoutMs),
    });
  });
}

async function withScreenshot(page: Page, name: string, test: (page: Page) => Promise<void>): Promise<void> {
  try {
    await test(page);
  } catch (error) {
    const file = await screenshot(page, name).catch(() => undefined);
    if (file && error instanceof Error) error.message += `\nscreenshot: ${file}`;
    throw error;
  }
}

async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(tmpdir(), 'playhead-browser');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name} ${page.browser.engine}.png`.replace(/[^\w.]+/g, '-'));
  await writeFile(file, await page.browser.screenshot());
  return file;
}
