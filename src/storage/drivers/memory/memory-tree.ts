import type { Validators } from '../../../core/http/index.js';
import { parentKey, ROOT_KEY, type ObjectKey } from '../../../core/path/index.js';

/** One version of a file. */
export interface Version {
  readonly bytes: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly number: number;
}

export function validatorsOf({ number, lastModified }: Version): Validators {
  return { etag: { weak: false, opaque: `m${number}` }, lastModified };
}

/** Files by key, and the folders that were made. Those above a file need not be. */
export class MemoryTree {
  readonly files = new Map<ObjectKey, Version>();
  readonly folders = new Set<ObjectKey>([ROOT_KEY]);
  #versions = 0;

  put(key: ObjectKey, bytes: Uint8Array, lastModified: number): Version {
    const version = { bytes, lastModified, number: ++this.#versions };
    this.files.set(key, version);
    return version;
  }

  isFolder(key: ObjectKey): boolean {
    return this.folders.has(key) || this.below(key).next().done === false;
  }

  /** When the newest file in a folder was put there. */
  newest(key: ObjectKey): number {
    let newest = 0;
    for (const file of this.below(key)) newest = Math.max(newest, this.files.get(file)?.lastModified ?? 0);
    return newest;
  }

  /** The keys of all files and folders. */
  entries(): Set<ObjectKey> {
    const found = new Set<ObjectKey>();
    for (const key of [...this.files.keys(), ...this.folders]) {
      for (let at = key; !found.has(at); at = parentKey(at)) found.add(at);
    }
    return found;
  }

  /** The keys of files and made folders in a folder, at any depth. */
  *below(key: ObjectKey): Generator<ObjectKey> {
    const prefix = key === ROOT_KEY ? '' : `${key}/`;
    for (const other of [...this.files.keys(), ...this.folders]) {
      if (other !== key && other.startsWith(prefix)) yield other;
    }
  }
}
