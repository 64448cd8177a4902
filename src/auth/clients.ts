import type { TLSSocket } from 'node:tls';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { TrustedProxies } from '../core/forwarded/index.js';

/** Where requests come from, and how: as the connection has it, or as trusted proxies say. */
@Injectable()
export class Clients {
  readonly #proxies: TrustedProxies;

  constructor({ trustedProxies }: AppConfig) {
    this.#proxies = new TrustedProxies(trustedProxies);
  }

  /** Empty when the connection has gone. */
  addressOf({ socket, headers }: IncomingMessage): string {
    return this.addressFrom(socket, headers);
  }

  /** The same of a request whose socket may have been taken from it since. */
  addressFrom(socket: Socket | null, headers: IncomingHttpHeaders): string {
    return this.#proxies.clientOf(peerOf(socket), headers);
  }

  /** Whether the client is known to have come by https. */
  isSecure({ socket, headers }: IncomingMessage): boolean {
    return (
      ((socket as TLSSocket | null)?.encrypted ?? false) || this.#proxies.saysHttps(peerOf(socket), headers)
    );
  }

  hostOf({ socket, headers }: IncomingMessage): string | undefined {
    return this.#proxies.hostOf(peerOf(socket), headers);
  }
}

/** Node takes the socket from a request that was broken off, whatever the type says. */
function peerOf(socket: Socket | null): string | undefined {
  return socket?.remoteAddress;
}
