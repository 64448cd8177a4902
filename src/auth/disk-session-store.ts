import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { StateFolders } from '../storage/state-folders.js';
import { removeAbandoned, removeStateFile, writeStateFile } from '../storage/write-state-file.js';
import { MemorySessionStore } from './memory-session-store.js';
import { printSessions, readSessions } from './session-file.js';
import type { Session, SessionStore } from './session-store.js';

const FOLDER = 'sessions';
const FILE = 'sessions.json';

/** How long changes wait for others, in milliseconds. Who waits for {@link DiskSessionStore.settled} does not. */
const DELAY = 500;

const logger = new Logger('Sessions');

/** Sessions that survive the process: in memory, and in a file that is written anew after changes. */
export class DiskSessionStore implements SessionStore, OnModuleDestroy {
  readonly #memory = new MemorySessionStore();
  #isChanged = false;
  #isTold = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  private constructor(
    private readonly folders: StateFolders,
    private readonly names: ReadonlySet<string>,
  ) {}

  /**
   * With what the last process has left. A file that cannot be understood is as none: everybody logs in again.
   * @param names of the users there are
   */
  static async open(folders: StateFolders, names: ReadonlySet<string>): Promise<DiskSessionStore> {
    const store = new DiskSessionStore(folders, names);
    await store.#load();
    return store;
  }

  get(digest: string): Session | undefined {
    return this.#memory.get(digest);
  }

  set(digest: string, session: Session): void {
    this.#memory.set(digest, session);
    this.#change();
  }

  delete(digest: string): void {
    this.#memory.delete(digest);
    this.#change();
  }

  of(name: string): readonly (readonly [string, Session])[] {
    return this.#memory.of(name);
  }

  async settled(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#isChanged || this.#writing) {
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
      await this.#writing;
    }
  }

  onModuleDestroy(): Promise<void> {
    return this.settled();
  }

  #change(): void {
    this.#isChanged = true;
    this.#timer ??= setTimeout(() => void this.settled(), DELAY).unref();
  }

  async #load(): Promise<void> {
    try {
      const folder = await this.folders.existingStateFolder(FOLDER);
      if (folder === undefined) return;
      await removeAbandoned(folder, await readdir(folder));
      const now = Date.now();
      for (const [digest, session] of await readSessions(path.join(folder, FILE)))
        if (session.expires > now && this.names.has(session.name)) this.#memory.set(digest, session);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      logger.warn({ err: error }, 'the sessions of before cannot be read: everybody has to log in again');
    }
  }

  async #write(): Promise<void> {
    this.#isChanged = false;
    try {
      const folder = await this.folders.stateFolder(FOLDER);
      const now = Date.now();
      const entries = [...this.names]
        .flatMap((name) => this.#memory.of(name))
        .filter(([, { expires }]) => expires > now);
      await writeStateFile(folder, FILE, printSessions(entries));
    } catch (error) {
      await this.#forget(error as Error);
    }
  }

  /** Rather no sessions after a restart than one that has been ended. */
  async #forget(error: Error): Promise<void> {
    if (!this.#isTold)
      logger.warn(
        { err: error },
        'sessions cannot be written to the state folder: they end with the process',
      );
    this.#isTold = true;
    try {
      const folder = await this.folders.existingStateFolder(FOLDER);
      if (folder === undefined) return;
      await removeStateFile(folder, FILE);
    } catch (failure) {
      logger.error(
        { err: failure },
        'ended sessions may come back with the next start: delete sessions.json',
      );
    }
  }
}
