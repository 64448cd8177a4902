import { hash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { Accounts, type Account } from './accounts.js';
import type { LiveSession } from './principal.js';
import { SESSION_STORE, type Session, type SessionStore } from './session-store.js';

/** How long an id is used before another takes its place, in milliseconds. */
const ROTATION = 15 * 60_000;
/** How long an id works on after its successor has come into use: for what is under way. The same until one is offered again. */
const GRACE = 60_000;

/** An id as the cookie holds it: 256 random bits in base64url. */
const ID = /^[\w-]{43}$/;

export interface FoundSession {
  readonly digest: string;
  readonly session: Session;
  readonly account: Account;
}

/** A new id and when its login ends, in milliseconds since the epoch. */
export interface IssuedId {
  readonly id: string;
  readonly expires: number;
}

/** Logins of the page: opened, found by the id in a cookie, given new ids, ended. */
@Injectable()
export class Sessions {
  readonly #lifetime: number;

  constructor(
    private readonly accounts: Accounts,
    @Inject(SESSION_STORE) private readonly store: SessionStore,
    { sessionLifetime }: AppConfig,
  ) {
    this.#lifetime = sessionLifetime * 1000;
  }

  /** Always under a new id: one that somebody else has planted in the browser gains nothing by the login. */
  open({ name, fingerprint }: Account): IssuedId {
    const now = Date.now();
    const login = randomBytes(16).toString('base64url');
    return this.#issue({ name, fingerprint, login, issued: now, expires: now + this.#lifetime });
  }

  /** The session of an id, unless it has ended, its user has gone, or their password is another now. */
  find(id: string): FoundSession | undefined {
    if (!ID.test(id)) return undefined;
    const digest = digestOf(id);
    const session = this.store.get(digest);
    if (!session) return undefined;
    const account = this.accounts.find(session.name);
    if (session.expires <= Date.now() || account?.fingerprint !== session.fingerprint) {
      this.store.delete(digest);
      return undefined;
    }
    return { digest, session: session.replaces ? this.#takeOver(digest, session) : session, account };
  }

  /** Whether a login that was found goes on, be it under another id. */
  isLive({ digest, name, login }: LiveSession): boolean {
    const now = Date.now();
    if ((this.store.get(digest)?.expires ?? 0) > now) return true;
    return this.store.of(name).some(([, session]) => session.login === login && session.expires > now);
  }

  /**
   * A new id for a session whose id has been in use for long; undefined otherwise. The old one works until the new one
   * has been used, and a moment longer: an answer may get lost, and requests may be under way.
   */
  renew({ digest, session }: FoundSession): IssuedId | undefined {
    const now = Date.now();
    const { name, fingerprint, login, issued, expires, next } = session;
    if (now - issued < ROTATION || (next && now - next.at < GRACE)) return undefined;
    if (next) this.store.delete(next.digest);
    const made = this.#issue({ name, fingerprint, login, issued: now, expires, replaces: digest });
    this.store.set(digest, { ...session, next: { digest: digestOf(made.id), at: now } });
    return made;
  }

  /** Ends the login, under whichever of its ids. */
  end(digest: string): void {
    const session = this.store.get(digest);
    if (!session) return;
    for (const [other, { login }] of this.store.of(session.name)) {
      if (login === session.login) this.store.delete(other);
    }
  }

  /** Resolves when what has ended will not come back with the next start. */
  settled(): Promise<void> {
    return this.store.settled();
  }

  #takeOver(digest: string, { replaces, ...session }: Session): Session {
    const old = this.store.get(replaces!);
    if (old) this.store.set(replaces!, { ...old, expires: Math.min(old.expires, Date.now() + GRACE) });
    this.store.set(digest, session);
    return session;
  }

  #issue(session: Session): IssuedId {
    const id = randomBytes(32).toString('base64url');
    this.store.set(digestOf(id), session);
    return { id, expires: session.expires };
  }
}

function digestOf(id: string): string {
  return hash('sha256', id, 'base64url');
}
