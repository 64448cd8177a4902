import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import { TurnstileFullError } from '../core/password/index.js';
import { ProblemError } from '../core/problem/index.js';
import { Accounts, type Account } from './accounts.js';
import { Attempts } from './attempts.js';
import { Audit } from './audit.js';
import type { BasicCredentials } from './basic-credentials.js';
import { CHALLENGE_FOR_PAGES, challengeFor } from './challenge.js';
import { Clients } from './clients.js';
import type { AuthorizedRequest } from './principal.js';

/** How many verdicts on Basic credentials are remembered, and for how many milliseconds. */
const REMEMBERED = 1000;
const BELIEVED = 5 * 60_000;
/** Seconds after which to try again when too many passwords are being checked. */
const BUSY = 5;

interface Verdict {
  /** Undefined: the credentials are wrong. */
  readonly account: Account | undefined;
  readonly until: number;
}

/** Checks names and passwords: no faster than {@link Attempts} allows, and with a line in the log for each. */
@Injectable()
export class Logins {
  readonly #verdicts = new BoundedCache<Verdict>(REMEMBERED);
  /** Credentials are remembered as what only this process can make of them. */
  readonly #key = randomBytes(32);

  constructor(
    private readonly accounts: Accounts,
    private readonly attempts: Attempts,
    private readonly audit: Audit,
    private readonly clients: Clients,
  ) {}

  /** Logs a page in. @throws ProblemError unauthenticated, too-many-attempts */
  async byForm(request: AuthorizedRequest, credentials: BasicCredentials): Promise<Account> {
    const account = await this.#check(request, credentials, 'form');
    if (account) return account;
    throw wrong(CHALLENGE_FOR_PAGES);
  }

  /**
   * Who Basic credentials belong to. A verdict holds for some minutes, since players send them with every range; a wrong
   * one too, so that a player that keeps asking with an old password is no guesser.
   * @throws ProblemError unauthenticated, too-many-attempts
   */
  async byBasic(request: AuthorizedRequest, credentials: BasicCredentials): Promise<Account> {
    const { name, password } = credentials;
    const key = createHmac('sha256', this.#key).update(`${name}:${password}`).digest('base64url');
    if ((this.#verdicts.get(key)?.until ?? Infinity) <= Date.now()) this.#verdicts.delete(key);
    const { account } = await this.#verdicts.share(
      key,
      async () => ({
        account: await this.#check(request, credentials, 'Basic'),
        until: Date.now() + BELIEVED,
      }),
      () => 1,
    );
    if (account) return account;
    throw wrong(challengeFor(request));
  }

  async #check(
    request: AuthorizedRequest,
    { name, password }: BasicCredentials,
    method: string,
  ): Promise<Account | undefined> {
    const address = this.clients.addressOf(request);
    // A name nobody has may be a password in the wrong field.
    const entry = { action: 'login', who: this.accounts.find(name)?.name ?? 'unknown', client: address };
    const wait = this.attempts.take(address, name, Date.now());
    if (wait > 0) {
      this.audit.record(request, { ...entry, outcome: 'refused', reason: 'too many attempts' });
      throw tooMany(wait);
    }
    try {
      const account = await this.accounts.verify(name, password);
      if (account) {
        this.attempts.giveBack(address, name);
        this.attempts.welcome(address, name);
      }
      this.audit.record(request, { ...entry, outcome: account ? 'done' : 'failed', reason: `by ${method}` });
      return account;
    } catch (error) {
      if (!(error instanceof TurnstileFullError)) throw error;
      this.attempts.giveBack(address, name);
      throw tooMany(BUSY);
    }
  }
}

/** One message for a wrong name and a wrong password. */
function wrong(challenge: string): ProblemError {
  return new ProblemError('unauthenticated', 'Name or password is wrong.', {
    headers: { 'WWW-Authenticate': challenge },
  });
}

function tooMany(seconds: number): ProblemError {
  return new ProblemError('too-many-attempts', `Try again in ${seconds} seconds.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
