import { Inject, Injectable } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { BoundedCache } from '../core/cache/index.js';
import { baseName, objectKey, parentKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';

const PICTURE = /^(.+)\.(jpe?g|png|webp)$/i;
/** The picture of all that is in a folder, the best first. */
const COVERS = ['cover', 'folder', 'front', 'albumart'];
const EXTENSIONS = ['jpg', 'jpeg', 'png', 'webp'];

/** Entries of one folder that are looked at: some 0.2 s of work. */
const MOST_ENTRIES = 20_000;
/** Names remembered, of all folders together. */
const REMEMBERED = 50_000;
/** How long a folder is believed to be as it was, in milliseconds: while the thumbnails of a page are asked for. */
const BELIEVED = 5000;

/** The names of the pictures in a folder, by their lower case. */
type Pictures = ReadonlyMap<string, readonly string[]>;

/** Finds pictures that stand beside what they are a picture of. */
@Injectable()
export class SidecarPictures {
  readonly #folders = new BoundedCache<Pictures>(REMEMBERED);

  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /**
   * Of a file: `film.jpg` or `film-poster.jpg` for `film.mp4`, and where it is sound the cover of its folder.
   * @param mediaType by its name
   * @param rules of who asks: what they may not read is not found
   * @throws StorageError where the storage does not answer
   */
  ofFile(key: ObjectKey, mediaType: string, rules: AccessRules): Promise<ObjectKey | undefined> {
    const stem = baseName(key).replace(/(?<=.)\.[^.]*$/, '');
    const covers = mediaType.startsWith('audio/') ? COVERS : [];
    return this.#find(parentKey(key), [stem, `${stem}-poster`, ...covers], rules);
  }

  /** Of a folder: the cover that is in it. @throws as {@link ofFile} */
  ofFolder(key: ObjectKey, rules: AccessRules): Promise<ObjectKey | undefined> {
    return this.#find(key, [...COVERS, 'poster'], rules);
  }

  async #find(
    folder: ObjectKey,
    stems: readonly string[],
    rules: AccessRules,
  ): Promise<ObjectKey | undefined> {
    // A link to one file, or a rule, may leave nothing beside it: then the folder is not even looked at.
    const above = folder === ROOT_KEY ? [] : folder.split('/');
    const wanted = stems.flatMap((stem) => EXTENSIONS.map((extension) => `${stem}.${extension}`));
    const candidates = wanted.map((name) => objectKey([...above, name]));
    if (!candidates.some((key) => rules.may('read', key))) return undefined;
    const pictures = await this.#picturesIn(folder).catch(noneIfClosed);
    return wanted
      .flatMap((name) => pictures.get(name.toLowerCase()) ?? [])
      .map((name) => objectKey([...above, name]))
      .find((key) => rules.may('read', key));
  }

  #picturesIn(folder: ObjectKey): Promise<Pictures> {
    const moment = Math.floor(Date.now() / BELIEVED);
    return this.#folders.share(
      `${moment}/${folder}`,
      () => this.#list(folder),
      ({ size }) => size + 1,
    );
  }

  async #list(folder: ObjectKey): Promise<Pictures> {
    const names: string[] = [];
    let looked = 0;
    for await (const batch of this.storage.list(folder)) {
      for (const { name, kind } of batch) if (kind === 'file' && PICTURE.test(name)) names.push(name);
      if ((looked += batch.length) >= MOST_ENTRIES) break;
    }
    // Of two names that differ in letter case alone the same one is taken each time.
    return Map.groupBy(names.sort(), (name) => name.toLowerCase());
  }
}

/** A file may be read in a folder that is not for the server to list. */
function noneIfClosed(error: unknown): Pictures {
  if (error instanceof StorageError && error.reason !== 'unavailable') return new Map();
  throw error;
}
