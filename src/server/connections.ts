import { setMaxListeners } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { Handshakes } from './handshakes.js';

const closings = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Aborts when the server begins to close: for answers without an end of their own, which shall not be waited for.
 * Undefined on a server that is not ours.
 */
export function closingSignal(response: ServerResponse): AbortSignal | undefined {
  return closings.get(response);
}

/** Knows which answers are under way on which connection, and ends them in good order. */
export class Connections {
  readonly #underway = new Map<Duplex, Set<ServerResponse>>();
  readonly #closing = new AbortController();
  /** Undefined on a server without TLS. */
  readonly handshakes: Handshakes | undefined;

  constructor(private readonly server: Server) {
    setMaxListeners(0, this.#closing.signal);
    const isSecure = server instanceof TlsServer;
    if (isSecure) this.handshakes = new Handshakes(server);
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      const responses = new Set<ServerResponse>();
      this.#underway.set(socket, responses);
      socket.once('close', () => this.#underway.delete(socket));
    });
    server.prependListener('request', (request, response) => this.#track(request.socket, response));
  }

  /** The answer to the newest request of this connection, if it is unfinished. */
  newest(socket: Duplex): ServerResponse | undefined {
    return [...(this.#underway.get(socket) ?? [])].at(-1);
  }

  /** The unfinished answer whose turn it is to be written to this connection. */
  current(socket: Duplex): ServerResponse | undefined {
    return this.#underway.get(socket)?.values().next().value;
  }

  /**
   * Runs `task` once every answer begun before `own` is complete; never, if the connection breaks first. One answer at
   * a time: a burst of pipelined requests costs one descriptor, not one each.
   * @param own the answer that `task` is to write, if it is one of those known here.
   */
  whenIdle(socket: Duplex, task: () => void, own?: ServerResponse): void {
    const underway = this.#underway.get(socket);
    if (!underway || underway.size === (own ? 1 : 0)) return task();
    const earlier = [...underway].filter((response) => response !== own).at(-1);
    earlier?.once('close', () => socket.destroyed || task());
  }

  /**
   * Stops accepting, lets running answers finish for up to `graceMs`, then breaks what is left. Resolves to the
   * number of answers that were broken off.
   */
  async drain(graceMs: number): Promise<number> {
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const responses of this.#underway.values()) announceClose([...responses].at(-1));
    this.server.closeIdleConnections();
    // Node counts a connection as idle only after its first request; browsers open some in advance.
    for (const [socket, responses] of this.#underway)
      if (responses.size === 0 && (socket as Socket).bytesRead === 0) socket.destroy();
    this.handshakes?.breakOff();
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
    closings.set(response, this.#closing.signal);
    if (this.#closing.signal.aborted) announceClose(response);
    response.once('close', () => {
      responses.delete(response);
      // A connection that was kept alive is idle now; nothing else would close it before its timeout.
      if (this.#closing.signal.aborted) setImmediate(() => this.server.closeIdleConnections());
    });
  }
}

/** Only on the last answer of a connection: what was asked before it, in a pipeline, is still answered. */
function announceClose(response: ServerResponse | undefined): void {
  if (response && !response.headersSent) response.shouldKeepAlive = false;
}
