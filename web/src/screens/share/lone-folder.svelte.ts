import { folderOf } from '../../lib/paths.ts';
import { Folder } from '../browse/folder.svelte.ts';

/** The folder of a file that a link opens alone: viewers look there for what comes next, and nothing in it may be asked for. */
export class LoneFolder extends Folder {
  override readonly isLone = true;

  constructor(path: string) {
    super({ path: folderOf(path), sort: 'name', order: 'asc', filter: '', hidden: false });
  }

  override ensure(): Promise<void> {
    return Promise.resolve();
  }

  override refresh(): Promise<void> {
    return Promise.resolve();
  }

  override hasChanged(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
