import type { Socket } from 'node:net';

/** More than the systems of both ends keep of one connection: what was written before these has been taken. */
const UNDERWAY = 16 * 2 ** 20;
/** Bytes taken without a pause that make a client quick. */
const ENOUGH = 2 ** 19;

const KNOWN = new WeakMap<Socket, ClientPace>();

/**
 * How a client has taken what it was sent, and so how much memory it is trusted with: one that shows to take a lot is
 * sent large blocks, whose rest is not long in memory. One for each connection.
 */
export class ClientPace {
  /** Bytes that have arrived since the client last held us up. */
  #arrived = 0;
  /** Bytes of the present answer since then, which may still be on their way. */
  #written = 0;

  /** At the beginning of an answer: the client has asked again, so all before has arrived. */
  static next(socket: Socket): ClientPace {
    let pace = KNOWN.get(socket);
    if (!pace) KNOWN.set(socket, (pace = new ClientPace()));
    pace.#arrived += pace.#written;
    pace.#written = 0;
    return pace;
  }

  get isQuick(): boolean {
    return this.#arrived + this.#written - Math.min(this.#written, UNDERWAY) >= ENOUGH;
  }

  wrote(length: number): void {
    this.#written += length;
  }

  /** It has let us wait for longer than a quick one would. */
  heldUp(): void {
    this.#arrived = 0;
    this.#written = 0;
  }
}
