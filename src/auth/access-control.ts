import { Injectable } from '@nestjs/common';
import type { AccessRules, Permission } from '../core/access/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { StorageError } from '../storage/storage-error.js';
import { Accounts } from './accounts.js';
import { Audit } from './audit.js';
import { challengeFor } from './challenge.js';
import type { AuthorizedRequest, Principal } from './principal.js';
import { Sessions } from './sessions.js';

/** How much of it: the object itself, or everything below it too, as for a folder that is moved. */
export type Reach = 'itself' | 'throughout';

/**
 * Refuses what somebody may not do. It never asks the storage: whether anything is there changes neither the answer nor
 * the time it takes.
 */
@Injectable()
export class AccessControl {
  constructor(
    private readonly accounts: Accounts,
    private readonly audit: Audit,
    private readonly sessions: Sessions,
  ) {}

  /**
   * @throws ProblemError unauthenticated for who could still log in; StorageError missing where they may not even read;
   * ProblemError forbidden where they may.
   */
  demand(request: AuthorizedRequest, permission: Permission, key: ObjectKey, reach: Reach = 'itself'): void {
    const { rules } = this.#principalOf(request);
    if (reach === 'itself' ? rules.may(permission, key) : rules.mayThroughout(permission, key)) return;
    throw this.#refusal(request, permission, rules.may('read', key), key);
  }

  /** What a listing may show. @throws as {@link demand} */
  demandSight(request: AuthorizedRequest, key: ObjectKey): void {
    if (!this.#principalOf(request).rules.sees(key)) throw this.#refusal(request, 'read', false, key);
  }

  /** @throws as {@link demand} */
  demandAnywhere(request: AuthorizedRequest, permission: Permission): void {
    const { rules } = this.#principalOf(request);
    if (!rules.mayAnywhere(permission)) throw this.#refusal(request, permission, rules.mayAnywhere('read'));
  }

  /** To copy, one reads all there is and writes it elsewhere. @throws as {@link demand} */
  demandCopy(request: AuthorizedRequest, from: ObjectKey, to: ObjectKey): void {
    this.demand(request, 'read', from, 'throughout');
    this.demand(request, 'write', to, 'throughout');
  }

  /** To move or rename is to copy and to delete: what one may not read does not become readable. @throws as {@link demand} */
  demandMove(request: AuthorizedRequest, from: ObjectKey, to: ObjectKey): void {
    this.demandCopy(request, from, to);
    this.demand(request, 'delete', from, 'throughout');
  }

  /**
   * What who makes a request may do at this moment: for answers that outlast a login, which end up with what everybody
   * may do.
   */
  rulesNow(request: AuthorizedRequest): AccessRules {
    const { session } = request;
    const hasEnded = session !== undefined && !this.sessions.isLive(session);
    return (hasEnded ? this.accounts.anonymous : this.#principalOf(request)).rules;
  }

  #principalOf({ principal }: AuthorizedRequest): Principal {
    return principal ?? this.accounts.anonymous;
  }

  #refusal(request: AuthorizedRequest, permission: Permission, mayRead: boolean, key?: ObjectKey): Error {
    const { name } = this.#principalOf(request);
    this.audit.record(request, {
      action: permission,
      outcome: 'refused',
      ...(key !== undefined && { path: key }),
    });
    if (name === null && !this.accounts.isEmpty) {
      return new ProblemError('unauthenticated', 'This takes a name and a password.', {
        headers: { 'WWW-Authenticate': challengeFor(request) },
      });
    }
    return mayRead && permission !== 'read'
      ? new ProblemError('forbidden', `The permission to ${VERBS[permission]} here is missing.`)
      : new StorageError('missing');
  }
}

const VERBS: Readonly<Record<Permission, string>> = {
  read: 'read',
  write: 'write',
  delete: 'delete',
  admin: 'administer',
};
