import type { Request } from 'express';
import type { Clients } from '../auth/clients.js';

/** Scheme, host and port that the client has reached the server by: for URLs that are used elsewhere. */
export function originOf(clients: Clients, request: Request): string {
  const { localAddress = '127.0.0.1', localPort = 80, localFamily } = request.socket;
  const scheme = clients.isSecure(request) ? 'https' : 'http';
  const url = `${scheme}://${clients.hostOf(request) ?? ''}`;
  // HTTP/1.0 needs no Host, and a proxy may say what is none.
  if (URL.canParse(url)) return new URL(url).origin;
  return new URL(`${scheme}://${localFamily === 'IPv6' ? `[${localAddress}]` : localAddress}:${localPort}`)
    .origin;
}
