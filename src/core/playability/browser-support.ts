import { createRequire } from 'node:module';

/** The browsers a verdict is given for: those most people have. */
export const BROWSERS = ['chrome', 'edge', 'firefox', 'safari', 'safari-ios', 'chrome-android'] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** What people call them. */
export const BROWSER_LABELS: Record<BrowserName, string> = {
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  safari: 'Safari',
  'safari-ios': 'Safari on iOS',
  'chrome-android': 'Chrome for Android',
};

/** A feature of caniuse.com that tells about a codec or container. */
export type Feature = (typeof FEATURES)[number];
const FEATURES = [
  'aac',
  'ac3-ec3',
  'av1',
  'flac',
  'hevc',
  'http-live-streaming',
  'mp3',
  'mpeg4',
  'ogg-vorbis',
  'ogv',
  'opus',
  'wav',
  'webm',
] as const;

export type Support = 'yes' | 'partly' | 'no' | 'unknown';

/** What the current browsers can do. */
export interface BrowserSupport {
  /** Where this is from, with its version. */
  readonly data: string;
  version(browser: BrowserName): string;
  of(feature: Feature, browser: BrowserName): Support;
}

/** The package's own names of the browsers. */
const AGENTS: Record<BrowserName, string> = {
  chrome: 'chrome',
  edge: 'edge',
  firefox: 'firefox',
  safari: 'safari',
  'safari-ios': 'ios_saf',
  'chrome-android': 'and_chr',
};

interface PackedModules {
  agents: Record<string, { release_date: Record<string, number | null> }>;
  unpack: (packed: unknown) => { stats: Record<string, Record<string, string>> };
}

let loaded: BrowserSupport | undefined;

/**
 * The abilities of each browser's newest release, from the package `caniuse-lite` (data of caniuse.com, CC BY 4.0), so
 * that they age with a package and not with this code. Loaded when first asked for, the few features alone: 15 ms and
 * 8 MB, a quarter of what the package's entry point takes.
 */
export function loadBrowserSupport(): BrowserSupport {
  loaded ??= readPackage();
  return loaded;
}

function readPackage(): BrowserSupport {
  const require = createRequire(import.meta.url);
  const { version } = require('caniuse-lite/package.json') as { version: string };
  const { agents } = require('caniuse-lite/dist/unpacker/agents.js') as Pick<PackedModules, 'agents'>;
  const unpack = require('caniuse-lite/dist/unpacker/feature.js') as PackedModules['unpack'];
  const versions = new Map(
    BROWSERS.map((browser) => [browser, newestRelease(agents[AGENTS[browser]]!.release_date)]),
  );
  const support = new Map<string, Support>();
  for (const feature of FEATURES) {
    const { stats } = unpack(require(`caniuse-lite/data/features/${feature}.js`));
    for (const browser of BROWSERS) {
      const said = stats[AGENTS[browser]]?.[versions.get(browser)!];
      support.set(`${feature}/${browser}`, parseSupport(said));
    }
  }
  return {
    data: `caniuse-lite ${version}`,
    version: (browser) => versions.get(browser)!,
    of: (feature, browser) => support.get(`${feature}/${browser}`)!,
  };
}

/** Versions to come have no date. */
function newestRelease(dates: Record<string, number | null>): string {
  return Object.entries(dates).reduce(
    (newest, [version, date]) => ((date ?? 0) > newest[1] ? ([version, date!] as const) : newest),
    ['', 0] as readonly [string, number],
  )[0];
}

/** `y`, `a` (almost: partly), `n`, `p` (by a polyfill), `u`; then flags (`d`: disabled by default) and notes. */
function parseSupport(said: string | undefined): Support {
  const [letter, ...flags] = said?.split(' ') ?? ['u'];
  if (flags.includes('d') || letter === 'n' || letter === 'p') return 'no';
  return letter === 'y' ? 'yes' : letter === 'a' ? 'partly' : 'unknown';
}
