import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppConfig } from '../config/app-config.js';
import { parseRules } from '../core/access/index.js';
import { Accounts } from './accounts.js';
import { MemorySessionStore } from './memory-session-store.js';
import { Sessions } from './sessions.js';

const MINUTE = 60_000;
const hashed = (digest: string) => `$scrypt$ln=1,r=1,p=1$${'A'.repeat(22)}$${digest.repeat(43)}`;
const accountsOf = (passwords: Record<string, string>) => {
  const users = Object.entries(passwords).map(([name, password]) => ({
    name,
    password,
    rules: parseRules('/:r'),
  }));
  return new Accounts(Object.assign(new AppConfig(), { users }));
};

describe('Sessions', () => {
  const store = () => new MemorySessionStore();
  const accounts = accountsOf({ alice: hashed('A'), bob: hashed('B') });
  const open = (sessions: Sessions) => sessions.open(accounts.find('alice')!);
  const sessionsOf = (kept = store(), known = accounts) =>
    new Sessions(known, kept, Object.assign(new AppConfig(), { sessionLifetime: 3600 }));

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('finds a session by an id of 256 bits that the store does not hold', () => {
    const kept = store();
    const sessions = sessionsOf(kept);
    const { id } = open(sessions);
    expect(Buffer.from(id, 'base64url')).toHaveLength(32);
    expect(sessions.find(id)?.account.name).toBe('alice');
    expect(JSON.stringify(kept.of('alice'))).not.toContain(id);
    for (const other of ['', 'x', id.slice(1), `${id}x`, 'A'.repeat(43), `${id.slice(0, -1)} `])
      expect(sessions.find(other)).toBeUndefined();
  });

  it('ends with its time', () => {
    const sessions = sessionsOf();
    const { id, expires } = open(sessions);
    expect(expires).toBe(Date.now() + 60 * MINUTE);
    jest.setSystemTime(expires - 1);
    expect(sessions.find(id)).toBeDefined();
    jest.setSystemTime(expires);
    expect(sessions.find(id)).toBeUndefined();
  });

  it('ends with its user, and with the password it was opened by', () => {
    const kept = store();
    const { id } = open(sessionsOf(kept));
    expect(sessionsOf(kept).find(id)).toBeDefined();
    expect(sessionsOf(kept, accountsOf({ bob: hashed('B') })).find(id)).toBeUndefined();
    const again = open(sessionsOf(kept)).id;
    expect(sessionsOf(kept, accountsOf({ alice: hashed('C') })).find(again)).toBeUndefined();
  });

  it('gets a new id now and then; the old one works until a moment after the new one', () => {
    const sessions = sessionsOf();
    const { id, expires } = open(sessions);
    expect(sessions.renew(sessions.find(id)!)).toBeUndefined();
    jest.advanceTimersByTime(15 * MINUTE);
    const next = sessions.renew(sessions.find(id)!)!;
    expect(next.id).not.toBe(id);
    expect(next.expires).toBe(expires);
    // Not with every answer.
    expect(sessions.renew(sessions.find(id)!)).toBeUndefined();
    // The answer with the new id may have been lost.
    jest.advanceTimersByTime(10 * MINUTE);
    const offered = sessions.renew(sessions.find(id)!)!;
    expect(sessions.find(next.id)).toBeUndefined();
    expect(sessions.find(offered.id)?.account.name).toBe('alice');
    expect(sessions.find(id)).toBeDefined();
    jest.advanceTimersByTime(MINUTE);
    expect(sessions.find(id)).toBeUndefined();
    expect(sessions.find(offered.id)).toBeDefined();
    jest.setSystemTime(expires);
    expect(sessions.find(offered.id)).toBeUndefined();
  });

  it('ends under all its ids, and ends no other', () => {
    const sessions = sessionsOf();
    const { id } = open(sessions);
    const other = open(sessions).id;
    jest.advanceTimersByTime(15 * MINUTE);
    const next = sessions.renew(sessions.find(id)!)!.id;
    sessions.end(sessions.find(next)!.digest);
    expect(sessions.find(id)).toBeUndefined();
    expect(sessions.find(next)).toBeUndefined();
    expect(sessions.find(other)).toBeDefined();
  });

  it('keeps a bounded number for each user', () => {
    const kept = store();
    const sessions = sessionsOf(kept);
    const bob = sessions.open(accounts.find('bob')!).id;
    const ids = Array.from({ length: 150 }, () => open(sessions).id);
    expect(kept.of('alice')).toHaveLength(100);
    expect(sessions.find(ids[49]!)).toBeUndefined();
    expect(sessions.find(ids[50]!)).toBeDefined();
    expect(sessions.find(bob)).toBeDefined();
  });
});
