/** What has been opened so far, to be closed in reverse: both after use and when a later step fails. */
export class Closers {
  private readonly pending: (() => Promise<void>)[] = [];
  private closed: Promise<void> | undefined;

  add(close: () => Promise<void>): void {
    this.pending.push(close);
  }

  /** One that fails must not keep the others open; calling it twice closes once. */
  closeAll(): Promise<void> {
    this.closed ??= this.run();
    return this.closed;
  }

  private async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.pending.toReversed()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the browser did not close cleanly');
  }
}
