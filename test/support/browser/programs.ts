import { findProgram } from '../programs.js';

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** What each program is called on the systems we know. */
const CANDIDATES = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  chromedriver: ['chromedriver', '/usr/lib/chromium*/chromedriver'],
  firefox: ['firefox-esr', 'firefox'],
  WebKitWebDriver: ['WebKitWebDriver'],
  // The driver starts this small browser, which distributions keep outside PATH.
  MiniBrowser: [
    '/usr/lib/*/webkit*/MiniBrowser',
    '/usr/libexec/webkit*/MiniBrowser',
    '/usr/lib/webkit*/MiniBrowser',
  ],
  Xvfb: ['Xvfb'],
} as const satisfies Record<string, readonly string[]>;

export type Program = keyof typeof CANDIDATES;

/** What the engine needs and this machine lacks; empty when the engine can run. */
export function missingPrograms(engine: Engine): string[] {
  return needs(engine).filter((program) => find(program) === undefined);
}

export function pathOf(program: Program): string {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return path;
}

/** Only WebKitGTK has no headless mode; a display that is already there saves it a server of its own. */
export function needsOwnDisplay(): boolean {
  return !process.env.DISPLAY;
}

function needs(engine: Engine): Program[] {
  switch (engine) {
    case 'chromium':
      return ['chromium', 'chromedriver'];
    case 'firefox':
      return ['firefox'];
    case 'webkit':
      return ['WebKitWebDriver', 'MiniBrowser', ...(needsOwnDisplay() ? (['Xvfb'] as const) : [])];
  }
}

function find(program: Program): string | undefined {
  return findProgram(CANDIDATES[program]);
}
