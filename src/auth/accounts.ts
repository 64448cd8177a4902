import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { PASSWORD_LENGTH, type UserSetting } from '../config/user-setting.js';
import { AccessRules } from '../core/access/index.js';
import {
  parseScryptHash,
  PasswordHasher,
  RECOMMENDED_COST,
  type ScryptHash,
} from '../core/password/index.js';
import { rulesOfEverybody } from './everybody.js';
import type { Principal } from './principal.js';

/** Somebody who can log in. */
export interface Account extends Principal {
  readonly name: string;
  /** Changes with the password; tells nothing about it. */
  readonly fingerprint: string;
}

interface Entry {
  readonly account: Account;
  readonly hash: Promise<ScryptHash>;
}

/** Who there is, and whether a password is theirs. */
@Injectable()
export class Accounts {
  readonly anonymous: Principal;
  readonly #entries = new Map<string, Entry>();
  readonly #hasher = new PasswordHasher();
  /** What the password of an unknown name is held against, so that it takes as long. */
  readonly #nobody: ScryptHash;

  constructor({ users, rules, anonymous, write }: AppConfig) {
    const everybody = rulesOfEverybody({ rules, anonymous, write });
    this.anonymous = { name: null, rules: new AccessRules(everybody) };
    let last: Promise<unknown> = Promise.resolve();
    for (const user of users) {
      const account: Account = {
        name: user.name,
        rules: new AccessRules(user.rules, everybody),
        fingerprint: fingerprintOf(user),
      };
      const known = parseScryptHash(user.password);
      // Plain ones are hashed too, one after the other and in the background: all take the same time to check.
      const hashed = known ? Promise.resolve(known) : last.then(() => this.#hasher.hash(user.password));
      last = hashed;
      this.#entries.set(user.name, { account, hash: hashed });
    }
    this.#nobody = likeTheCostliest(users);
  }

  /** Whether nobody can log in. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Of all who can log in. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  find(name: string): Account | undefined {
    return this.#entries.get(name.normalize('NFC'))?.account;
  }

  /** Takes as long for an unknown name as for a wrong password. @throws TurnstileFullError */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const entry = this.#entries.get(name.normalize('NFC'));
    const isSane = password.length <= PASSWORD_LENGTH;
    const isRight = await this.#hasher.verify(isSane ? password : '', await (entry?.hash ?? this.#nobody));
    return isRight && isSane ? entry?.account : undefined;
  }
}

/** A plain password leaves no trace that could be tried out; its sessions then end with the process. */
function fingerprintOf({ password }: UserSetting): string {
  return parseScryptHash(password)
    ? hash('sha256', password, 'base64url')
    : randomBytes(32).toString('base64url');
}

/** Nobody's hash. With hashes of different cost, an unknown name takes as long as the costliest. */
function likeTheCostliest(users: readonly UserSetting[]): ScryptHash {
  const costs = users
    .map(({ password }) => parseScryptHash(password) ?? RECOMMENDED_COST)
    .sort((a, b) => 2 ** b.ln * b.r * b.p - 2 ** a.ln * a.r * a.p);
  const { ln, r, p } = costs[0] ?? RECOMMENDED_COST;
  return { ln, r, p, salt: randomBytes(16), digest: randomBytes(32) };
}
