import { BlockList, isIP, isIPv4 } from 'node:net';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The proxies whose word about their clients counts. What anybody else puts into X-Forwarded-* or Forwarded (RFC 7239)
 * is not looked at.
 */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #any: boolean;

  /** @param addresses IP addresses and ranges such as 10.0.0.0/8. @throws Error for anything else. */
  constructor(addresses: readonly string[]) {
    this.#any = addresses.length > 0;
    for (const text of addresses) {
      const [address = '', bits, ...rest] = text.split('/');
      const family = isIPv4(address) ? 'ipv4' : 'ipv6';
      const most = family === 'ipv4' ? 32 : 128;
      const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
      if (isIP(address) === 0 || length > most || rest.length > 0)
        throw new Error('expects IP addresses and ranges such as 127.0.0.1 or 10.0.0.0/8');
      this.#list.addSubnet(address, length, family);
    }
  }

  /**
   * The address a request comes from: that of the connection, or what trusted proxies say. Their list is read from its
   * end, since each adds whom it saw; the first that is no trusted proxy is the client. A proxy usually sets one of the
   * two header fields and lets the other pass as the client sent it: where both are there and differ, neither counts.
   * @param peer of the connection
   */
  clientOf(peer: string | undefined, headers: Headers): string {
    const address = plain(peer ?? '');
    if (!this.#isTrusted(address)) return address;
    const lists = [forwardedFor(headers), forwarded(headers, 'for')].filter((list) => list.length > 0);
    const clients = new Set(lists.map((list) => this.#firstUnknown(address, list)));
    return clients.size === 1 ? [...clients][0]! : address;
  }

  /** Whether a trusted proxy says that its client came by https. */
  saysHttps(peer: string | undefined, headers: Headers): boolean {
    if (!this.trusts(peer)) return false;
    const said = [listOf(headers['x-forwarded-proto']), forwarded(headers, 'proto')]
      .filter((list) => list.length > 0)
      .map((list) => list.at(-1)!.toLowerCase());
    return said.length > 0 && said.every((scheme) => scheme === 'https');
  }

  /** The host that the client asked for: what a trusted proxy says, otherwise the Host field. */
  hostOf(peer: string | undefined, headers: Headers): string | undefined {
    const host = listOf(headers.host)[0];
    if (!this.trusts(peer)) return host;
    return listOf(headers['x-forwarded-host']).at(-1) ?? forwarded(headers, 'host').at(-1) ?? host;
  }

  /** Whether a connection comes from one of them. */
  trusts(peer: string | undefined): boolean {
    return this.#isTrusted(plain(peer ?? ''));
  }

  #isTrusted(address: string): boolean {
    if (!this.#any) return false;
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }

  #firstUnknown(peer: string, list: readonly string[]): string {
    let client = peer;
    for (const text of list.toReversed()) {
      const address = plain(text);
      // A name, `unknown`, or nonsense: what stands before it was seen by nobody we trust.
      if (isIP(address) === 0) return client;
      client = address;
      if (!this.#isTrusted(address)) return client;
    }
    return client;
  }
}

function listOf(field: string | string[] | undefined): string[] {
  const text = Array.isArray(field) ? field.join(',') : (field ?? '');
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function forwardedFor(headers: Headers): string[] {
  return listOf(headers['x-forwarded-for']);
}

/** The values of one parameter, one for each element that has it (RFC 7239 §4). Quoted values here hold no commas. */
function forwarded(headers: Headers, parameter: 'for' | 'proto' | 'host'): string[] {
  return listOf(headers.forwarded).flatMap((element) =>
    element
      .split(';')
      .map((pair) => pair.trim().split('='))
      .filter(([name]) => name!.toLowerCase() === parameter)
      .map(([, ...value]) => value.join('=').replace(/^"|"$/g, '')),
  );
}

/** Without port, brackets and the prefix of IPv4 in IPv6. */
function plain(address: string): string {
  const bracketed = address.startsWith('[') ? address.slice(1, address.indexOf(']')) : address;
  const unmapped = bracketed.toLowerCase().startsWith('::ffff:') ? bracketed.slice(7) : bracketed;
  const colon = unmapped.indexOf(':');
  const host = colon >= 0 && colon === unmapped.lastIndexOf(':') ? unmapped.slice(0, colon) : unmapped;
  return isIPv4(host) ? host : bracketed;
}
