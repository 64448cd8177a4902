import type { Session, SessionStore } from './session-store.js';

/** Of one user; the oldest ends when there are more. Users are as many as the settings name, so all is bounded. */
const LIMIT = 100;

/** Sessions that end with the process. */
export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #users = new Map<string, Set<string>>();

  get(digest: string): Session | undefined {
    return this.#sessions.get(digest);
  }

  set(digest: string, session: Session): void {
    const digests = this.#users.get(session.name) ?? new Set();
    this.#users.set(session.name, digests.add(digest));
    this.#sessions.set(digest, session);
    for (const oldest of digests) {
      if (digests.size <= LIMIT) break;
      this.delete(oldest);
    }
  }

  delete(digest: string): void {
    const session = this.#sessions.get(digest);
    if (session) this.#users.get(session.name)?.delete(digest);
    this.#sessions.delete(digest);
  }

  of(name: string): readonly (readonly [string, Session])[] {
    return [...(this.#users.get(name) ?? [])].map((digest) => [digest, this.#sessions.get(digest)!] as const);
  }

  async settled(): Promise<void> {}
}
