import type { ServerResponse } from 'node:http';

/**
 * Writes a body chunk by chunk and tells when each has left. A connection that breaks may never call back for what was
 * written to it, so its closing counts too.
 */
export class Outgoing {
  #settle: (() => void) | undefined;
  readonly #onClose = () => this.#settle?.();

  constructor(private readonly response: ServerResponse) {
    response.on('close', this.#onClose);
  }

  /**
   * Resolves when the memory of the chunk is free again: to false when the client has gone.
   * @param isLast whether it ends the body: a short answer goes out in one piece with its header.
   */
  write(chunk: Uint8Array, isLast: boolean): Promise<boolean> {
    const { response } = this;
    if (response.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (error?: Error | null) => {
        this.#settle = undefined;
        resolve(!error && !response.destroyed);
      };
      this.#settle = settle;
      if (isLast) response.end(chunk, settle);
      else response.write(chunk, settle);
    });
  }

  /** Whether something written waits for the client to take it. */
  get isHeldUp(): boolean {
    return this.response.writableLength > 0;
  }

  dispose(): void {
    this.response.off('close', this.#onClose);
  }
}
