import { setTimeout as sleep } from 'node:timers/promises';

/** What the pages of WebKit write to its standard output. */
export class WebKitConsole {
  private errors: string[] = [];
  private unfinished = '';

  take(text: string): void {
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop() ?? '';
    this.errors.push(...lines);
  }

  async takeErrors(): Promise<string[]> {
    // They come through a pipe of their own, with nothing to say that all have come.
    await sleep(100);
    return this.errors.splice(0);
  }
}
