import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Knows which answers are under way on which connection, and ends them in good order. */
export class Connections {
  readonly #underway = new Map<Duplex, Set<ServerResponse>>();
  #draining = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      const responses = new Set<ServerResponse>();
      this.#underway.set(socket, responses);
      socket.once('close', () => this.#underway.delete(socket));
    });
    server.prependListener('request', (request, response) => this.#track(request.socket, response));
  }

  /** Whether an answer on this connection is unfinished: nothing else may then be written to it. */
  isBusy(socket: Duplex): boolean {
    return (this.#underway.get(socket)?.size ?? 0) > 0;
  }

  /**
   * Stops accepting, lets running answers finish for up to `graceMs`, then breaks what is left. Resolves to the
   * number of answers that were broken off.
   */
  async drain(graceMs: number): Promise<number> {
    this.#draining = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const responses of this.#underway.values()) announceClose([...responses].at(-1));
    this.server.closeIdleConnections();
    let broken = 0;
    const timer = setTimeout(() => {
      for (const responses of this.#underway.values()) broken += responses.size;
      this.server.closeAllConnections();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    return broken;
  }

  #track(socket: Duplex, response: ServerResponse): void {
    const responses = this.#underway.get(socket);
    if (!responses) return;
    responses.add(response);
    if (this.#draining) announceClose(response);
    response.once('close', () => {
      responses.delete(response);
      // A connection that was kept alive is idle now; nothing else would close it before its timeout.
      if (this.#draining) setImmediate(() => this.server.closeIdleConnections());
    });
  }
}

/** Only on the last answer of a connection: what was asked before it, in a pipeline, is still answered. */
function announceClose(response: ServerResponse | undefined): void {
  if (response && !response.headersSent) response.shouldKeepAlive = false;
}
