import type { IncomingMessage } from 'node:http';
import type { Clients } from './clients.js';

/** Where a request says it comes from: this site, another one, or it does not say. */
export type Provenance = 'own' | 'foreign' | 'unknown';

/** Methods that change nothing (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Whether a request was made by a page of another site. Browsers say so in Sec-Fetch-Site, which no page can forge (W3C
 * Fetch Metadata), and otherwise in Origin, which every request with an unsafe method has (Fetch, "append a request
 * `Origin` header"). Programs send neither. `same-site` is foreign: another port or subdomain is somebody else's.
 */
export function provenanceOf(request: IncomingMessage, clients: Clients): Provenance {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  const { origin } = request.headers;
  if (origin === undefined) return 'unknown';
  if (!URL.canParse(origin)) return 'foreign'; // `null` of a sandboxed page among them
  const { protocol, host } = new URL(origin);
  // Whether the client came by https is known only on TLS and behind trusted proxies.
  if (clients.isSecure(request) && protocol !== 'https:') return 'foreign';
  return host !== '' && host === ownHost(protocol, clients.hostOf(request)) ? 'own' : 'foreign';
}

/** As URLs print it: in small letters, without the default port. */
function ownHost(protocol: string, host = ''): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
