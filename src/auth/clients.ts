import type { TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
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

  addressOf({ socket, headers }: IncomingMessage): string {
    return this.#proxies.clientOf(socket.remoteAddress, headers);
  }

  /** Whether the client is known to have come by https. */
  isSecure({ socket, headers }: IncomingMessage): boolean {
    return (socket as TLSSocket).encrypted || this.#proxies.saysHttps(socket.remoteAddress, headers);
  }

  hostOf({ socket, headers }: IncomingMessage): string | undefined {
    return this.#proxies.hostOf(socket.remoteAddress, headers);
  }
}
