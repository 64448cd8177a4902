import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { StorageError } from '../../storage-error.js';
import { isInside } from './served-folder.js';

/** A folder that gets another place. */
interface Relocation {
  /** A path by which it can be read. */
  readonly folder: string;
  /** Its real path, until now and then. */
  readonly from: string;
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks through a folder for links that would lead elsewhere from its new place: relative ones that lead out of it. By
 * moving what they may move, nobody shall turn a link to what they may not read.
 * @throws {StorageError} `denied` when there is one; what `node:fs` throws; the signal's reason
 */
export async function refuseStrayLinks({ folder, from, to, signal }: Relocation): Promise<void> {
  if (path.dirname(from) === path.dirname(to)) return;
  await look('.');

  async function look(below: string): Promise<void> {
    signal?.throwIfAborted();
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = path.join(below, entry.name);
      if (entry.isDirectory()) await look(name);
      else if (entry.isSymbolicLink()) {
        const text = await readlink(path.join(folder, name));
        const [before, after] = [from, to].map((place) => path.resolve(place, below, text)) as [
          string,
          string,
        ];
        const staysInside =
          isInside(from, before) && path.relative(from, before) === path.relative(to, after);
        if (before !== after && !staysInside) throw new StorageError('denied');
      }
    }
  }
}
