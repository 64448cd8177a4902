import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClientPace } from './client-pace.js';

/** Milliseconds that a client which takes what it gets may need for a block of it. */
export const PATIENCE = 50;

/** Bytes that are written without waiting for anything, after which others have their turn. */
const SHARE = 512 * 1024;
/** What any chunk counts for, in bytes, however short it is. */
const LEAST = 4 * 1024;

/** Writes a body chunk by chunk and tells when the memory of what was written is free again. */
export class Outgoing {
  readonly #pace: ClientPace | undefined;
  #sinceTurn = 0;
  #waiting = 0;
  #isEnded = false;
  #isBroken = false;
  #settle: (() => void) | undefined;

  constructor(private readonly response: ServerResponse) {
    if (response.socket) this.#pace = ClientPace.next(response.socket);
  }

  /** Whether the client has shown to take a lot at a time. */
  get isQuick(): boolean {
    return this.#pace?.isQuick ?? false;
  }

  /**
   * True when the system has taken the chunk, so that its memory is free; otherwise {@link taken} tells.
   * @param isLast whether it ends the body: a short answer goes out in one piece with its header.
   */
  write(chunk: Uint8Array, isLast: boolean): boolean {
    const { response } = this;
    const { socket } = response;
    if (response.destroyed || !socket) return false;
    this.#isEnded = isLast;
    this.#sinceTurn += LEAST + chunk.length;
    this.#pace?.wrote(chunk.length);
    if (isLast) {
      response.end(chunk);
    } else {
      this.#waiting++;
      // Left to itself, Node collects what is written in one turn of the event loop and writes it at the end.
      socket.cork();
      response.write(chunk, this.#onWritten);
      socket.uncork();
    }
    return response.writableLength === 0;
  }

  /** Whether others should have their turn before more is read and written. */
  get hasHadItsShare(): boolean {
    return this.#sinceTurn >= SHARE;
  }

  /** A client that takes all it gets, from memory, would otherwise never let go. */
  async letOthers(): Promise<void> {
    await nextTurn();
    this.#sinceTurn = 0;
  }

  /**
   * Resolves when all that was written has been taken: to false when the client has gone. A connection that breaks may
   * never call back for what was written to it, so its closing counts too.
   */
  taken(): Promise<boolean> {
    const { response } = this;
    if (response.destroyed || !response.socket) return Promise.resolve(false);
    const begun = performance.now();
    return new Promise((resolve) => {
      const settle = () => {
        if (performance.now() - begun > PATIENCE) this.#pace?.heldUp();
        response.off('close', settle).off('finish', settle);
        this.#settle = undefined;
        resolve(!this.#isBroken && !response.destroyed);
      };
      this.#settle = settle;
      response.once('close', settle);
      if (this.#isEnded) response.once('finish', settle);
    });
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (error) this.#isBroken = true;
    if (--this.#waiting === 0 && !this.#isEnded) this.#settle?.();
  };
}
