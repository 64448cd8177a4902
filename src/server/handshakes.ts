import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Knows the TCP connections on which TLS has not been agreed upon yet. On a server without TLS there are none. */
export class Handshakes {
  readonly #sockets = new Map<string, Socket>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      const key = keyOf(socket);
      this.#sockets.set(key, socket);
      socket.once('close', () => this.#forget(key, socket));
    });
    server.on('secureConnection', (socket: Socket) => this.#sockets.delete(keyOf(socket)));
  }

  /** The connection beneath a TLS socket that has come to nothing. */
  beneath(socket: Socket): Socket | undefined {
    return this.#sockets.get(keyOf(socket));
  }

  breakOff(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  #forget(key: string, socket: Socket): void {
    if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
  }
}

/** Both ends: what Node makes of a connection for TLS does not lead back to it, but has the same. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
