/** How both protocols name an element of the page, as an argument and as a result of a script. */
export type ElementReference = Readonly<Record<'element-6066-11e4-a52e-4f735466cecf', string>>;

/** One input device and what it does, tick by tick: WebDriver, section 15 "Actions". */
export interface InputSource {
  readonly type: 'key' | 'pointer' | 'wheel';
  readonly id: string;
  readonly parameters?: { readonly pointerType: 'mouse' | 'touch' };
  readonly actions: readonly object[];
}

/** What the engines' two remote protocols have in common. */
export interface Session {
  readonly version: string;
  /** Returns when the document has loaded. */
  goto(url: string): Promise<void>;
  back(): Promise<void>;
  reload(): Promise<void>;
  /** The script gets a callback as its last argument and is over when it calls it. */
  runWithCallback(script: string, args: readonly unknown[]): Promise<unknown>;
  /** What a person does with mouse, finger and keys; what is held down stays so until `release`. */
  perform(sources: readonly InputSource[]): Promise<void>;
  release(): Promise<void>;
  /** Types into the element, or gives paths (one a line) to a file input. */
  sendKeys(element: ElementReference, text: string): Promise<void>;
  /** The protocol's own click, which knows how to choose an `<option>`. */
  choose(element: ElementReference): Promise<void>;
  /** Deletes the cookies of the page that is shown, also those that scripts cannot see. */
  deleteCookies(): Promise<void>;
  /** PNG of the viewport, in base64. */
  screenshot(): Promise<string>;
  /** Outer size: what the page gets of it is up to the engine. */
  setWindowSize(width: number, height: number): Promise<void>;
  /** Asks the browser to end, and does not insist. */
  quit(): Promise<void>;
}

/** A session, and what each engine does in a way of its own. */
export interface LaunchedBrowser extends Session {
  /** What the console has shown as errors since the last call. */
  takeErrors(): Promise<string[]>;
  /** A command of the Chrome DevTools Protocol, where there is one. */
  cdp?(method: string, parameters: object): Promise<unknown>;
}

/** Generous, as a loaded machine starts a browser five times slower than an idle one. */
export const TIMEOUTS = {
  start: 60_000,
  /** A page whose media never arrives never finishes loading. */
  pageLoad: 30_000,
  script: 120_000,
  quit: 5_000,
} as const;
