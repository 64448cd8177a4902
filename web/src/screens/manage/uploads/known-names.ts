import { folderOf, nameOf } from '../../../lib/paths.ts';

/** What stands somewhere already. */
export interface Standing {
  readonly isFolder: boolean;
  /** Of a file, in bytes. */
  readonly size?: number | undefined;
  /** RFC 3339. */
  readonly modified?: string | undefined;
}

/** The names of a folder; undefined when they are too many to ask for, or cannot be had. */
export type Lister = (folder: string) => Promise<ReadonlyMap<string, Standing> | undefined>;

/**
 * Says what stands in the way of files before they are sent. Each folder is asked for once, and none that is known not to
 * be there: so a folder of thousands that is new costs one request.
 */
export class KnownNames {
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, Standing> | undefined>>();

  /** @param root a folder that is there */
  constructor(
    private readonly root: string,
    private readonly list: Lister,
  ) {}

  /** What stands at a path below the root; undefined when nothing does, or when it is not known. */
  async at(path: string): Promise<Standing | undefined> {
    return (await this.#in(folderOf(path)))?.get(nameOf(path));
  }

  #in(folder: string): Promise<ReadonlyMap<string, Standing> | undefined> {
    let names = this.#folders.get(folder);
    if (!names) this.#folders.set(folder, (names = this.#ask(folder)));
    return names;
  }

  async #ask(folder: string): Promise<ReadonlyMap<string, Standing> | undefined> {
    if (folder !== this.root) {
      const siblings = await this.#in(folderOf(folder));
      if (siblings && !siblings.get(nameOf(folder))?.isFolder) return new Map();
    }
    return this.list(folder);
  }
}
