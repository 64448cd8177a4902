import {
  clickAt,
  type ClickOptions,
  dragBetween,
  type DragOptions,
  hoverAt,
  pressKeys,
  typeKeys,
} from './input.js';
import type { Browser } from './engines.js';
import { type DroppedFile, DRAG_SYNTHETICALLY, DROP_FILES, portableFiles } from './drop-script.js';
import { isGone, locate, type Located, PATIENCE, shownBy, until } from './locate.js';
import type { Readiness } from './locate-script.js';
import { describeTarget, type Target } from './target.js';

export { byRole, bySelector, type Target } from './target.js';
export type { DroppedFile } from './drop-script.js';

/** Sizes of a page in CSS pixels. */
const VIEWPORTS = { phone: [390, 844], desktop: [1280, 800] } as const;

/** A page as its reader uses it. Everything waits for what it needs, for at most `patience`. */
export class Page {
  /** How long to wait, in milliseconds: less in a test of what must not work. */
  patience = PATIENCE;
  private errorsSeen: string[] = [];
  private allowed: RegExp[] = [];

  constructor(readonly browser: Browser) {}

  open(url: string): Promise<void> {
    return this.browser.goto(url);
  }

  url(): Promise<string> {
    return this.browser.run('return document.URL');
  }

  back(): Promise<void> {
    return this.browser.session.back();
  }

  reload(): Promise<void> {
    return this.browser.session.reload();
  }

  async viewport(name: keyof typeof VIEWPORTS): Promise<void> {
    const [width, height] = VIEWPORTS[name];
    await this.browser.resize(width, height);
  }

  /** Forgets the session and whatever the site shown has stored. */
  async forget(): Promise<void> {
    await this.browser.session.deleteCookies();
    await this.browser.run('localStorage.clear(); sessionStorage.clear();');
  }

  /** With the mouse, so what is covered or disabled fails. */
  async click(target: Target, options: ClickOptions = {}): Promise<void> {
    await clickAt(this.browser.session, await this.find(target, 'reachable'), options);
  }

  doubleClick(target: Target): Promise<void> {
    return this.click(target, { times: 2 });
  }

  contextClick(target: Target): Promise<void> {
    return this.click(target, { button: 'right' });
  }

  async hover(target: Target): Promise<void> {
    await hoverAt(this.browser.session, await this.find(target, 'reachable'));
  }

  /** With the mouse. Only Chromium begins a drag of HTML for it: else see `dragSynthetically`. */
  async drag(from: Target, to: Target, { held = [] }: Pick<DragOptions, 'held'> = {}): Promise<void> {
    const start = await this.find(from, 'reachable');
    await dragBetween(this.browser.session, start, await this.find(to, 'reachable'), { held });
  }

  /** No real drag: dispatches the events of one, `dragstart` to `dragend`, with a DataTransfer of their own. */
  async dragSynthetically(
    from: Target,
    to: Target,
    { held = [] }: Pick<DragOptions, 'held'> = {},
  ): Promise<void> {
    const [start, end] = [await this.find(from, 'visible'), await this.find(to, 'visible')];
    await this.browser.run(DRAG_SYNTHETICALLY, start.element, end.element, held);
  }

  /** With a finger from the middle, by so many CSS pixels; WebKit's driver has no fingers and uses the mouse. */
  async swipe(target: Target, by: { readonly dx?: number; readonly dy?: number }): Promise<void> {
    const { x, y } = await this.find(target, 'reachable');
    const end = { x: x + (by.dx ?? 0), y: y + (by.dy ?? 0) };
    const kind = this.browser.engine === 'webkit' ? 'mouse' : 'touch';
    await dragBetween(this.browser.session, { x, y }, end, { pointerType: kind });
  }

  /** A key or a chord for what has the focus: `Enter`, `ArrowDown`, `Control+a`. */
  press(chord: string): Promise<void> {
    return pressKeys(this.browser.session, chord);
  }

  /** Text, key by key, for what has the focus. */
  type(text: string): Promise<void> {
    return typeKeys(this.browser.session, text);
  }

  /** Replaces what stands in a field by typing; in WebKit, whose driver knows few characters, as if pasted. */
  async fill(target: Target, text: string): Promise<void> {
    const { element } = await this.find(target, 'enabled');
    await this.browser.run('arguments[0].focus(); arguments[0].select?.();', element);
    if (text === '') await this.press('Delete');
    else if (this.browser.engine === 'webkit')
      await this.browser.run(`document.execCommand('insertText', false, arguments[0])`, text);
    else await this.browser.session.sendKeys(element, text);
  }

  /** Chooses an option of a `<select>` by its text. */
  async select(target: Target, option: string): Promise<void> {
    await this.browser.session.choose(
      (await this.find({ selector: 'option', containing: option, within: target }, 'there')).element,
    );
  }

  /** Chooses files of this machine in an `<input type="file">`, which is often hidden behind a button. */
  async setFiles(target: Target, paths: readonly string[]): Promise<void> {
    const { element } = await this.find(target, 'there');
    await this.browser.session.sendKeys(element, paths.join('\n'));
  }

  /** No real drop: files made in the page, in the events of a drag from outside. They have no folders. */
  async dropFiles(target: Target, files: readonly DroppedFile[]): Promise<void> {
    const { element } = await this.find(target, 'visible');
    await this.browser.run(DROP_FILES, element, portableFiles(files));
  }

  /** The text as rendered. */
  async text(target: Target): Promise<string> {
    const { element } = await this.find(target, 'visible');
    return this.browser.run('return arguments[0].innerText.trim()', element);
  }

  /** What a field holds. */
  async value(target: Target): Promise<string> {
    const { element } = await this.find(target, 'there');
    return this.browser.run('return arguments[0].value', element);
  }

  async attribute(target: Target, name: string): Promise<string | null> {
    const { element } = await this.find(target, 'there');
    return this.browser.run('return arguments[0].getAttribute(arguments[1])', element, name);
  }

  /** Waits until it is visible. */
  async see(target: Target): Promise<void> {
    await this.find(target, 'visible');
  }

  /** Waits until the body of a function in the page returns something true, and returns that. */
  async waitFor<T>(script: string, ...args: readonly unknown[]): Promise<T> {
    const found = await until(async () => {
      const result = await this.browser.run<T>(script, ...args);
      return result ? { result } : undefined;
    }, this.patience);
    if (found) return found.result;
    throw new Error(
      `waited ${this.patience / 1000} s for: ${script}\n${await shownBy(this.browser.session)}`,
    );
  }

  /** Waits until no visible element is meant by the target any more. */
  async waitUntilGone(target: Target): Promise<void> {
    const gone = await until(
      async () => (await isGone(this.browser.session, target)) || undefined,
      this.patience,
    );
    if (!gone)
      throw new Error(`${describeTarget(target)} is still there\n${await shownBy(this.browser.session)}`);
  }

  /** What the console has shown as errors since they were last forgotten. */
  async errors(): Promise<readonly string[]> {
    this.errorsSeen.push(...(await this.browser.session.takeErrors()));
    return this.errorsSeen.filter((error) => !this.allowed.some((pattern) => pattern.test(error)));
  }

  /** Errors that this test provokes: until `forgetErrors`, which comes before each test. */
  allowErrors(...patterns: readonly RegExp[]): void {
    this.allowed.push(...patterns);
  }

  async forgetErrors(): Promise<void> {
    await this.browser.session.takeErrors();
    this.errorsSeen = [];
    this.allowed = [];
  }

  async expectNoErrors(): Promise<void> {
    const errors = await this.errors();
    if (errors.length > 0)
      throw new Error(`the console of ${this.browser.engine} shows:\n${errors.join('\n')}`);
  }

  private find(target: Target, readiness: Readiness): Promise<Located> {
    return locate(this.browser.session, target, readiness, this.patience);
  }
}
