/** What the engines' two remote protocols have in common. */
export interface Session {
  readonly version: string;
  /** Returns when the document has loaded. */
  goto(url: string): Promise<void>;
  /** The script gets a callback as its last argument and is over when it calls it. */
  runWithCallback(script: string, args: readonly unknown[]): Promise<unknown>;
  /** PNG of the viewport, in base64. */
  screenshot(): Promise<string>;
  /** Outer size: what the page gets of it is up to the engine. */
  setWindowSize(width: number, height: number): Promise<void>;
  /** Asks the browser to end, and does not insist. */
  quit(): Promise<void>;
}

/** Generous, as a loaded machine starts a browser five times slower than an idle one. */
export const TIMEOUTS = {
  start: 60_000,
  /** A page whose media never arrives never finishes loading. */
  pageLoad: 30_000,
  script: 120_000,
  quit: 5_000,
} as const;
