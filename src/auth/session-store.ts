/** What the server keeps of a login. */
export interface Session {
  readonly name: string;
  /** Of the account when it was opened; another one ends it. */
  readonly fingerprint: string;
  /** The same for all ids that one login has had. */
  readonly login: string;
  /** When its id was made, and when the login ends: milliseconds since the epoch. */
  readonly issued: number;
  readonly expires: number;
  /** Digest of the id that this one replaces, until this one is first used. */
  readonly replaces?: string | undefined;
  /** Digest of the id that was offered as the next one, and when. */
  readonly next?: { readonly digest: string; readonly at: number } | undefined;
}

/** Injection token of the {@link SessionStore} in use. */
export const SESSION_STORE = Symbol('SessionStore');

/** Where sessions are kept, by the SHA-256 of their ids: who reads the store cannot use them. */
export interface SessionStore {
  get(digest: string): Session | undefined;
  set(digest: string, session: Session): void;
  delete(digest: string): void;
  /** All sessions of one user, the oldest first. */
  of(name: string): readonly (readonly [digest: string, session: Session])[];
  /** Resolves when all that was changed until now will outlast the process, where the store does. Never rejects. */
  settled(): Promise<void>;
}
