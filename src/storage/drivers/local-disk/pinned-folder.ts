import { fsync, type BigIntStats } from 'node:fs';
import { lstat, open, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { StorageError } from '../../storage-error.js';
import { openVerified, type Opened } from './open-verified.js';

/** How often a folder may be swapped under our hands before it counts as missing. */
const ATTEMPTS = 3;

/** What systems answer on which a folder cannot be flushed. */
const CANNOT_SYNC = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'EBADF', 'ENOSYS'];

/** Decides by its real path whether a folder may be worked in. @throws StorageError */
export type Admit = (actual: string) => Promise<void> | void;

/**
 * A folder held by its descriptor. On Linux the names in it are looked up below that descriptor, so that whatever is done
 * with them is done in the folder that was checked, even if a link has taken its place. Elsewhere the path is held
 * against the folder before and after ({@link check}). Whoever opens it closes it.
 */
export class PinnedFolder {
  private constructor(
    private readonly opened: Opened,
    private readonly admit: Admit,
  ) {}

  /** @throws {StorageError} `is-file`, `missing`; what `admit` and `node:fs` throw */
  static async open(folder: string, admit: Admit): Promise<PinnedFolder> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const opened = await openVerified(folder);
      if (!opened) continue;
      try {
        await admit(opened.actual);
        if (!opened.stats.isDirectory()) throw new StorageError('is-file');
        return new PinnedFolder(opened, admit);
      } catch (error) {
        await opened.descriptor.close();
        throw error;
      }
    }
    throw new StorageError('missing');
  }

  /** As it was when it was opened. */
  get stats(): BigIntStats {
    return this.opened.stats;
  }

  /** Its real path when it was opened. */
  get actual(): string {
    return this.opened.actual;
  }

  /** The path to a name in it; `.` is the folder itself. */
  at(name: string): string {
    const { descriptor, actual, whereabouts } = this.opened;
    return whereabouts ? `/proc/self/fd/${descriptor.fd}/${name}` : path.join(actual, name);
  }

  /** A descriptor of its own for a folder in it, or for the folder itself. */
  open(name: string): Promise<PinnedFolder> {
    return PinnedFolder.open(this.at(name), this.admit);
  }

  /** What stands under a name in it, links not followed. */
  look(name: string): Promise<BigIntStats | undefined> {
    return lstat(this.at(name), { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** Tells this entry of this folder from all others, whatever path leads to the folder. */
  identify(name: string): string {
    return `${this.stats.dev}:${this.stats.ino}/${name}`;
  }

  /**
   * Tells its file system from all others: within one, nothing needs to be copied to be moved. On Linux two mounts of one
   * device are two as well, which `rename` does not cross either (proc(5), `mnt_id` of fdinfo).
   */
  async fileSystem(): Promise<string> {
    const { descriptor, stats } = this.opened;
    const info = await readFile(`/proc/self/fdinfo/${descriptor.fd}`, 'latin1').catch(() => '');
    const [, mount = ''] = /^mnt_id:\s*(\d+)$/m.exec(info) ?? [];
    return `${stats.dev}:${mount}`;
  }

  /** Makes sure that the folder still is where it may be worked in. @throws StorageError */
  async check(): Promise<void> {
    const { whereabouts, actual, stats } = this.opened;
    await this.admit(whereabouts ? (whereabouts() ?? actual) : await realpath(actual));
    if (whereabouts) return;
    const seen = await stat(actual, { bigint: true });
    if (seen.dev !== stats.dev || seen.ino !== stats.ino) throw new StorageError('changed');
  }

  /** Makes the names in it durable. @throws what `fsync` throws, unless the system cannot flush folders */
  sync(): Promise<void> {
    return flush(() => promisify(fsync)(this.opened.descriptor.fd));
  }

  close(): Promise<void> {
    return this.opened.descriptor.close().catch(() => undefined);
  }
}

/** Makes the names in a folder durable that nobody else can change. @throws what `node:fs` throws, as above */
export function syncFolder(folder: string): Promise<void> {
  return flush(async () => {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  });
}

async function flush(sync: () => Promise<void>): Promise<void> {
  try {
    await sync();
  } catch (error) {
    if (!CANNOT_SYNC.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
