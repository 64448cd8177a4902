import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';

/** So many wrong passwords in a row, then one more each `refill` milliseconds. */
interface Allowance {
  readonly burst: number;
  readonly refill: number;
}

const PER_ADDRESS: Allowance = { burst: 10, refill: 30_000 };
/** From all addresses together: some 1500 guesses a day. */
const PER_ACCOUNT: Allowance = { burst: 30, refill: 60_000 };

/** How many addresses, names and pairs of them are remembered; the longest unused are forgotten first. */
const REMEMBERED = 10_000;

/**
 * Slows down who guesses passwords. Each failure costs the address and the account a token; tokens come back with time
 * (GCRA, a leaky bucket that is one number). Without tokens nothing is checked any more, so that an answer tells nothing
 * about the password.
 *
 * An account without tokens still takes attempts from addresses that have logged in to it before: who guesses from
 * elsewhere cannot keep its owner out. Sessions, and credentials verified a moment ago, are not asked here at all.
 */
@Injectable()
export class Attempts {
  readonly #addresses = new BoundedCache<number>(REMEMBERED);
  readonly #accounts = new BoundedCache<number>(REMEMBERED);
  readonly #familiar = new BoundedCache<true>(REMEMBERED);

  /** Takes the tokens of an attempt, or tells how many seconds there are none. */
  take(address: string, name: string, now: number): number {
    const from = networkOf(address);
    const who = keyOf(name);
    const isFamiliar = this.#familiar.get(`${from} ${who}`) === true;
    const wait = Math.max(
      waitFor(this.#addresses.get(from), PER_ADDRESS, now),
      isFamiliar ? 0 : waitFor(this.#accounts.get(who), PER_ACCOUNT, now),
    );
    if (wait > 0) return Math.ceil(wait / 1000);
    spend(this.#addresses, from, PER_ADDRESS.refill, now);
    spend(this.#accounts, who, PER_ACCOUNT.refill, now);
    return 0;
  }

  /** Gives the tokens back, when nothing was found wrong with the attempt. */
  giveBack(address: string, name: string): void {
    const from = networkOf(address);
    const who = keyOf(name);
    spend(this.#addresses, from, -PER_ADDRESS.refill, 0);
    spend(this.#accounts, who, -PER_ACCOUNT.refill, 0);
  }

  /** Remembers that somebody has logged in from here. */
  welcome(address: string, name: string): void {
    this.#familiar.set(`${networkOf(address)} ${keyOf(name)}`, true, 1);
  }
}

/** Kept is the moment at which all tokens will be back. */
function waitFor(fullAt: number | undefined, { burst, refill }: Allowance, now: number): number {
  return Math.max(fullAt ?? 0, now) + refill - now - burst * refill;
}

function spend(cache: BoundedCache<number>, key: string, time: number, now: number): void {
  cache.set(key, Math.max(cache.get(key) ?? 0, now) + time, 1);
}

/** Whoever has one address of IPv6 has the 2^64 beside it. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const all = [
    ...groups,
    ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'),
    ...after,
  ];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Names are as long as their senders like. */
function keyOf(name: string): string {
  return hash('sha256', name.normalize('NFC'), 'base64url');
}
