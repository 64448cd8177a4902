export { BROWSER_LABELS, BROWSERS, type BrowserName } from './browser-support.js';
export { judge, type StreamForm } from './judge.js';
export type { BrowserPlayability, Effect, Playability, Reason, Verdict } from './playability.js';
