import type { FileEntry } from '../../api/types.ts';
import { folderOf, nameOf } from '../../lib/paths.ts';
import type { Route } from '../../routing/route.ts';
import { Folder, type FolderView } from './folder.svelte.ts';

/** Folders kept as they were when somebody left them, so that going back shows them at once. */
const KEPT = 8;

/** The folder that is shown, and the file of it that is open, as the URL says. */
export class Place {
  folder = $state.raw<Folder | undefined>();
  /** Undefined while only the folder is shown. */
  file = $state.raw<FileEntry | undefined>();
  readonly #left: Folder[] = [];

  /** Goes where the route leads. What is there already is kept. */
  follow({ path, sort, order, filter }: Route, choices: Pick<FolderView, 'hidden' | 'language'>): void {
    const order_ = { sort, order, filter, ...choices };
    const known = this.#known(path);
    if (known) {
      this.file = known;
      this.#show({ path: folderOf(path), ...order_ });
      return;
    }
    if (this.file && this.file.path !== path) this.file = undefined;
    if (!this.file) this.#show({ path, ...order_ });
  }

  /** The URL may have led to a file: then the folder that was asked for is it. Call it when the folder has answered. */
  settle(): void {
    const file = this.folder?.file;
    if (!file || !this.folder) return;
    this.file = file;
    this.#show({ ...this.folder.view, path: folderOf(file.path) });
  }

  /** The open file as it is now, where the folder has been fetched anew. */
  renew(): void {
    const index = this.file && this.folder?.indexOf(this.file.name);
    const now = index === undefined ? undefined : this.folder?.at(index);
    if (now && now.kind !== 'folder' && now.path === this.file?.path && now.etag !== this.file.etag)
      this.file = now;
  }

  #known(path: string): FileEntry | undefined {
    if (path === '') return undefined;
    if (this.file?.path === path) return this.file;
    const { folder } = this;
    if (folder?.view.path !== folderOf(path)) return undefined;
    const index = folder.indexOf(nameOf(path));
    const entry = index === undefined ? undefined : folder.at(index);
    return entry && entry.kind !== 'folder' ? entry : undefined;
  }

  #show(view: FolderView): void {
    if (this.folder && isSame(this.folder.view, view)) return;
    this.#leave();
    const index = this.#left.findIndex((folder) => isSame(folder.view, view));
    const [known] = index >= 0 ? this.#left.splice(index, 1) : [];
    this.folder = known ?? new Folder(view);
    void this.folder.ensure(0, 0);
  }

  #leave(): void {
    const { folder } = this;
    if (!folder) return;
    folder.close();
    if (folder.info) this.#left.push(folder);
    if (this.#left.length > KEPT) this.#left.shift();
  }
}

function isSame(one: FolderView, other: FolderView): boolean {
  return (Object.keys(one) as (keyof FolderView)[]).every((key) => one[key] === other[key]);
}
