import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Session } from './session-store.js';

export type SessionEntry = readonly [digest: string, session: Session];

/** Bytes that are read at most: a hundred sessions of some hundred users. */
const LIMIT = 16 * 2 ** 20;
const VERSION = 1;

export function printSessions(entries: readonly SessionEntry[]): string {
  return JSON.stringify({ version: VERSION, sessions: entries });
}

/** What a file holds that was written by {@link printSessions}. @throws Error for any other; what `node:fs` throws */
export async function readSessions(file: string): Promise<SessionEntry[]> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > LIMIT) throw new Error('no file, or too long a one');
    const { version, sessions } = JSON.parse(await handle.readFile('utf8')) as Record<string, unknown>;
    if (version !== VERSION || !Array.isArray(sessions) || !sessions.every(isEntry))
      throw new Error('not what was written');
    return sessions;
  } finally {
    await handle.close();
  }
}

function isEntry(item: unknown): item is SessionEntry {
  if (!Array.isArray(item) || item.length !== 2) return false;
  const [digest, session] = item as [unknown, Partial<Session> | null];
  return (
    [digest, session?.name, session?.fingerprint, session?.login].every((text) => typeof text === 'string') &&
    [session?.issued, session?.expires].every(Number.isFinite) &&
    ['string', 'undefined'].includes(typeof session?.replaces) &&
    (session?.next === undefined ||
      (typeof session.next?.digest === 'string' && Number.isFinite(session.next.at)))
  );
}
