import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Accounts, type Account } from '../auth/accounts.js';
import type { LinkVerifier } from '../auth/link-verifier.js';
import type { Principal } from '../auth/principal.js';
import type { AccessRules } from '../core/access/index.js';
import { BoundedCache } from '../core/cache/index.js';
import { linkPrefix, type LinkKeys, type SignedLink } from '../core/link/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { StorageError } from '../storage/storage-error.js';
import { LinkKeyStore } from './link-key-store.js';
import type { LinkRecord } from './link-record.js';
import { LinkRecords, MOST_RECORDS } from './link-records.js';

/** Live links of one person. */
export const MOST_OF_ONE = 1000;
/** Seconds that a link lasts which is made for a playlist on the way: an evening, and the morning after. */
const FOR_A_WHILE = 86_400;
/** Pairs of maker and path whose rules are remembered. */
const REMEMBERED = 1000;

/** What a link opens, and for whom. */
export interface OpenedLink {
  readonly path: ObjectKey;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly principal: Principal;
}

/** Makes links and knows what they open: never more than who made them may read at that moment. */
@Injectable()
export class Links implements LinkVerifier {
  readonly #rules = new BoundedCache<AccessRules>(REMEMBERED);

  constructor(
    private readonly accounts: Accounts,
    private readonly keys: LinkKeyStore,
    private readonly records: LinkRecords,
  ) {}

  async identify(token: string, key: ObjectKey): Promise<Principal> {
    const keys = await this.keys.existing();
    const link = keys?.verify(token, key, now()) ?? 'invalid';
    if (link === 'expired')
      throw new ProblemError('link-expired', 'This link is too old. Ask for a new one.');
    const maker = link === 'invalid' ? undefined : this.#makerOf(link);
    if (link === 'invalid' || !maker || (link.recorded && !(await this.records.isKept(link.id))))
      throw invalid();
    return {
      name: `link:${link.id}`,
      rules: this.#rulesOf(maker, link.path),
      link: { id: link.id, maker: maker.rules, download: link.download },
    };
  }

  /**
   * What a link was made for, when it is presented without a path. Only links that can be revoked have a record that
   * tells; those in playlists open nothing without one.
   * @throws ProblemError link-invalid, link-expired; StorageError
   */
  async open(token: string): Promise<OpenedLink> {
    const id = (await this.keys.existing())?.recordIdOf(token);
    const record = id === undefined ? undefined : await this.records.find(id);
    if (!record) throw invalid();
    const { path, expires } = record;
    return { path, expires, principal: await this.identify(token, path) };
  }

  /** @throws ProblemError links-unavailable, too-many-links; StorageError */
  async make(wanted: Omit<LinkRecord, 'id' | 'created'>): Promise<LinkRecord> {
    const record = { ...wanted, id: newId(), created: now() };
    await this.#orUnavailable(async () => {
      (await this.keys.made()).sign({ ...record, recorded: true });
      await this.records.add(record, (live) => {
        const own = live.filter(({ maker }) => maker === record.maker).length;
        if (live.length >= MOST_RECORDS || own >= MOST_OF_ONE)
          throw new ProblemError('too-many-links', `There are ${own} links of yours. Revoke some.`);
      });
    });
    return record;
  }

  /** What stands before the paths of URLs that go by this link. @throws StorageError */
  async prefixOf(record: LinkRecord): Promise<string> {
    return prefix(await this.keys.made(), { ...record, recorded: true });
  }

  /**
   * The same of a link that nobody can list or revoke, but that lasts no longer than a day.
   * @throws ProblemError links-unavailable, StorageError
   */
  passingPrefix({ name }: Account, path: ObjectKey): Promise<string> {
    const link = {
      id: newId(),
      path,
      maker: name,
      expires: now() + FOR_A_WHILE,
      download: false,
      recorded: false,
    };
    return this.#orUnavailable(async () => prefix(await this.keys.made(), link));
  }

  /** The newest first. @throws StorageError */
  live(): Promise<readonly LinkRecord[]> {
    return this.records.live();
  }

  /** @returns whether there was one. @throws StorageError */
  revoke(id: string): Promise<boolean> {
    return this.records.remove(id);
  }

  /** Undefined when who made it has gone, or may not read this any more. */
  #makerOf({ maker, path }: SignedLink): Account | undefined {
    const account = this.accounts.find(maker);
    return account?.rules.sees(path) ? account : undefined;
  }

  #rulesOf(account: Account, path: ObjectKey): AccessRules {
    const id = `${account.name}\n${path}`;
    const rules = this.#rules.get(id) ?? account.rules.readingBelow(path);
    this.#rules.set(id, rules, 1);
    return rules;
  }

  async #orUnavailable<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StorageError) || error.reason === 'full') throw error;
      throw new ProblemError(
        'links-unavailable',
        'The server can keep nothing: set `stateDir` to a folder that it may write to.',
        { cause: error },
      );
    }
  }
}

function prefix(keys: LinkKeys, link: SignedLink): string {
  return linkPrefix(keys.sign(link));
}

function invalid(): ProblemError {
  return new ProblemError('link-invalid', 'This link opens nothing, or nothing any more. Ask for a new one.');
}

function newId(): string {
  return randomBytes(12).toString('base64url');
}

/** Seconds since the epoch. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}
