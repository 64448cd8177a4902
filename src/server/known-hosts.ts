import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { AppConfig } from '../config/app-config.js';
import { TrustedProxies } from '../core/forwarded/index.js';
import { ProblemError } from '../core/problem/index.js';

/**
 * Names below which nobody can register one and have it lead where they like: RFC 6761, RFC 6762, RFC 8375, ICANN's
 * resolution 2024.07.29.06; and two that routers give and the public root does not have: `home`, which ICANN has put off
 * for good (2018.02.04.12), and `lan`.
 */
const PRIVATE = /(?:^|\.)(?:localhost|local|home\.arpa|internal|lan|home)$/;

/**
 * Tells pages that have their own name lead to this server (DNS rebinding): to a browser they are its pages then, and may
 * do and read what everybody may. Their requests show by the name in Host, which no page can change.
 */
export class KnownHosts {
  readonly #names: ReadonlySet<string>;
  readonly #suffixes: readonly string[];
  readonly #isAny: boolean;
  readonly #proxies: TrustedProxies;

  constructor({ hosts, host, trustedProxies }: Pick<AppConfig, 'hosts' | 'host' | 'trustedProxies'>) {
    const names = hosts.map((name) => name.toLowerCase());
    this.#isAny = names.includes('*');
    this.#names = new Set([...names, host.toLowerCase(), hostname().toLowerCase()]);
    this.#suffixes = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
    this.#proxies = new TrustedProxies(trustedProxies);
  }

  /** Undefined for requests that no such page can make. */
  refusal(request: IncomingMessage): ProblemError | undefined {
    if (this.#isAny || !mayBeOfRebound(request)) return undefined;
    const { headers, socket } = request;
    if (this.#knows(nameOf(headers.host ?? '')) || this.#proxies.trusts(socket.remoteAddress))
      return undefined;
    return new ProblemError(
      'misdirected-request',
      'This server is not known by this name to browsers. Use its address or https, or have the name added to its setting "hosts".',
    );
  }

  /** A name without a dot is found in one's own network alone. */
  #knows(name: string): boolean {
    return (
      !name.includes('.') ||
      isIP(name) !== 0 ||
      PRIVATE.test(name) ||
      this.#names.has(name) ||
      this.#suffixes.some((suffix) => name.endsWith(suffix))
    );
  }
}

/**
 * Whether it was sent by a browser, to a URL of http that is not of its own machine. No page can keep a browser from sending
 * Accept-Encoding (Fetch, "forbidden request-header"); the other two are for media that a framework of the system fetches.
 * Browsers say Sec-Fetch-Site, which no page can add, to `localhost` and by https alone (W3C Fetch Metadata §2), where a
 * page would need a certificate for its name.
 */
function mayBeOfRebound({ headers, socket }: IncomingMessage): boolean {
  if ('encrypted' in socket || headers['sec-fetch-site'] !== undefined) return false;
  return (
    headers['accept-encoding'] !== undefined ||
    headers['accept-language'] !== undefined ||
    headers['user-agent']?.startsWith('Mozilla/') === true
  );
}

/** Without port, brackets and the dot of the root. */
function nameOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  return host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}
