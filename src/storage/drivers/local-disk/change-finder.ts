import path from 'node:path';
import type { EntryChange } from '../../storage-driver.js';
import type { FolderTree, Surroundings } from './folder-tree.js';
import { RecentVersions } from './recent-versions.js';
import type { Sign, SignQueue } from './sign-queue.js';
import { identify, type Kind, type Seen } from './watched-folder.js';

/** Looked at together. */
const BATCH = 64;

/** Finds what has happened to the names that were pointed at: what is there now, against what was known of before. */
export class ChangeFinder {
  readonly #versions: RecentVersions;

  /** @param calm milliseconds between two changes that are told of one file */
  constructor(
    private readonly tree: FolderTree,
    private readonly surroundings: Surroundings,
    private readonly signs: SignQueue,
    calm: number,
    private readonly tell: (change: EntryChange) => void,
  ) {
    this.#versions = new RecentVersions(calm);
  }

  /** Folders are to come before what is in them. @throws StorageError, or what `node:fs` throws */
  async find(signs: readonly Sign[]): Promise<void> {
    for (let start = 0; start < signs.length && !this.tree.isClosed; start += BATCH) {
      const batch = signs.slice(start, start + BATCH);
      const seen = await Promise.all(
        batch.map(({ folder, name }) => this.surroundings.look(folder.keyOf(name))),
      );
      for (const [index, sign] of batch.entries()) await this.#compare(sign, seen[index]);
    }
  }

  /** Forgets what was told long ago. */
  tidy(): void {
    this.#versions.tidy();
  }

  async #compare(sign: Sign, seen: Seen | undefined): Promise<void> {
    const { folder, name } = sign;
    if (folder.isClosed) return;
    if (!seen && folder.names.has(name) && (await this.#isFolderGone(sign))) return;
    const known = folder.names.get(name);
    const below = folder.below.get(name);
    const isSame =
      seen?.kind === known && (!below || (seen !== undefined && below.identity === identify(seen.stats)));
    if (isSame) {
      if (seen?.kind === 'file') this.#onFile('changed', sign, seen);
      return;
    }
    if (known) {
      below?.close();
      folder.below.delete(name);
      folder.names.delete(name);
      this.#versions.forget(folder.keyOf(name));
      this.#tell('removed', sign, known);
    }
    if (!seen) return;
    folder.names.set(name, seen.kind);
    if (seen.kind === 'file') return this.#onFile('created', sign, seen);
    if (this.tree.recursive) await this.tree.enterBelow(folder, name);
    this.#tell('created', sign, 'folder', seen);
  }

  /** Something in a folder is gone: maybe with it, before a sign of that came. Then that is what is told. */
  async #isFolderGone({ folder }: Sign): Promise<boolean> {
    const { parent } = folder;
    if (!parent) return false;
    const seen = await this.surroundings.look(folder.key);
    if (seen && identify(seen.stats) === folder.identity) return false;
    await this.#compare({ folder: parent, name: path.basename(folder.key) }, seen);
    return true;
  }

  #onFile(change: 'created' | 'changed', sign: Sign, seen: Seen): void {
    const key = sign.folder.keyOf(sign.name);
    const wait = change === 'changed' ? this.#versions.waitFor(key, seen.stats) : 0;
    if (wait === undefined) return;
    if (wait > 0) return this.signs.putOff(sign, wait);
    this.#versions.told(key, seen.stats);
    this.#tell(change, sign, 'file', seen);
  }

  #tell(change: EntryChange['change'], { folder, name }: Sign, kind: Kind, seen?: Seen): void {
    if (this.tree.isClosed) return;
    const size = kind === 'file' && seen ? Number(seen.stats.size) : 0;
    const lastModified = seen ? Number(seen.stats.mtimeNs / 1_000_000n) : 0;
    this.tell({ change, key: folder.keyOf(name), kind, size, lastModified });
  }
}
