import type { AccessRules } from '../core/access/index.js';
import { objectKey, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { ZipMember } from '../core/zip/index.js';
import type { ListedObject, StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

/** Files and folders in one archive. The plan of as many takes some 15 MB. */
export const MOST_MEMBERS = 100_000;
/** How many folders below the first one a folder may be. */
const DEEPEST = 100;
/** Files opened together to see whether they can be read. */
const AT_ONCE = 16;

/** What an archive will hold, and where its bytes are. */
export interface PlannedMember extends ZipMember {
  readonly key: ObjectKey;
}

/** The folders that lead to one, by their real paths: links count as what they lead to. */
interface Trail {
  readonly real: string;
  readonly depth: number;
  readonly above?: Trail;
}

interface Folder {
  readonly key: ObjectKey;
  readonly modified: number;
  readonly trail: Trail;
}

/**
 * Collects everything below a folder, before a byte of it is sent: what is too much, or cannot be read, is found now,
 * when it can still be said. What vanishes meanwhile is left out, and so is what its reader may not read; a folder that
 * only leads to something they may read is kept, without its time.
 */
export class FolderWalk {
  readonly members: PlannedMember[] = [];

  /** @param nameOf the path of a key in the archive */
  constructor(
    private readonly storage: StorageDriver,
    private readonly rules: AccessRules,
    private readonly nameOf: (key: ObjectKey) => string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws StorageError when there is no such file for its reader, ProblemError as {@link addFolder} */
  async addFile(key: ObjectKey): Promise<void> {
    if (!this.rules.may('read', key)) throw new StorageError('missing');
    const member = await this.#lookAt(key);
    if (!member) throw new StorageError('missing');
    this.#add(member);
  }

  /**
   * Adds a folder with all that is in it. Links are followed as the driver lists them, except to a folder that the link
   * itself is in.
   * @throws StorageError when there is no such folder for its reader; ProblemError archive-too-large; forbidden, which names what cannot be read; the reason of the signal
   */
  async addFolder(key: ObjectKey, modified: number): Promise<void> {
    if (!this.rules.sees(key)) throw new StorageError('missing');
    const pending: Folder[] = [{ key, modified, trail: { real: key, depth: 0 } }];
    for (let folder = pending.pop(); folder; folder = pending.pop()) {
      const before = this.members.length;
      try {
        await this.#list(folder, pending);
      } catch (error) {
        if (reasonOf(error) !== 'missing' || folder.trail.depth === 0) throw explain(error, folder.key);
        this.members.length = before;
      }
    }
  }

  async #list({ key, modified, trail }: Folder, pending: Folder[]): Promise<void> {
    const isRead = this.rules.may('read', key);
    this.#add({ key, name: `${this.nameOf(key)}/`, size: 0, modified: isRead ? modified : 0 });
    for await (const batch of this.storage.list(key)) {
      this.signal.throwIfAborted();
      const files: ObjectKey[] = [];
      for (const entry of batch) {
        const child = objectKey(key === '' ? [entry.name] : [...key.split('/'), entry.name]);
        if (entry.kind === 'file') {
          if (this.rules.may('read', child)) files.push(child);
        } else if (this.rules.sees(child) && !leadsBack(entry, trail))
          pending.push(below(child, entry, trail));
      }
      if (this.members.length + pending.length > MOST_MEMBERS) throw tooLarge();
      for (let start = 0; start < files.length; start += AT_ONCE) {
        const found = await Promise.all(
          files.slice(start, start + AT_ONCE).map((file) => this.#lookAt(file)),
        );
        for (const member of found) if (member) this.#add(member);
      }
    }
  }

  /** Opens a file and closes it: nothing less tells whether it can be read. Undefined when it has gone. */
  async #lookAt(key: ObjectKey): Promise<PlannedMember | undefined> {
    try {
      const object = await this.storage.open(key);
      await object.close();
      const { size } = object.source;
      return { key, name: this.nameOf(key), size, modified: object.validators.lastModified };
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === 'missing' || reason === 'is-folder') return undefined;
      throw explain(error, key);
    }
  }

  #add(member: PlannedMember): void {
    if (this.members.length >= MOST_MEMBERS) throw tooLarge();
    this.members.push(member);
  }
}

function below(key: ObjectKey, { name, target, lastModified }: ListedObject, above: Trail): Folder {
  const depth = above.depth + 1;
  if (depth > DEEPEST) throw tooLarge();
  const real = target ?? (above.real === '' ? name : `${above.real}/${name}`);
  return { key, modified: lastModified, trail: { real, depth, above } };
}

/** Whether a link leads to a folder that is being walked, or to one above it: it would never end. */
function leadsBack({ target }: ListedObject, trail: Trail): boolean {
  if (target === undefined) return false;
  for (let folder: Trail | undefined = trail; folder; folder = folder.above)
    if (target === '' || folder.real === target || folder.real.startsWith(`${target}/`)) return true;
  return false;
}

function tooLarge(): ProblemError {
  return new ProblemError(
    'archive-too-large',
    `An archive has at most ${MOST_MEMBERS} files and folders, nested ${DEEPEST} deep. Take parts of the folder.`,
  );
}

function reasonOf(error: unknown): StorageError['reason'] | undefined {
  return error instanceof StorageError ? error.reason : undefined;
}

/** Says which entry the server may not read; in a folder of thousands nobody would find it. */
function explain(error: unknown, key: ObjectKey): unknown {
  if (reasonOf(error) !== 'denied') return error;
  return new ProblemError('forbidden', `The server is not permitted to read ${JSON.stringify(key)}.`, {
    cause: error,
  });
}
