import type { StateFolders } from '../storage/state-folders.js';
import { StorageError } from '../storage/storage-error.js';

/** The folder of the state folder for the key and the records. */
export const LINKS_FOLDER = 'links';

/**
 * Its path; undefined when there is none.
 * @throws StorageError with reason `unavailable`, whatever the reason: that of a file would be taken for that of what is asked for
 */
export async function existingLinksFolder(folders: StateFolders): Promise<string | undefined> {
  try {
    return await folders.existingStateFolder(LINKS_FOLDER);
  } catch (error) {
    throw new StorageError('unavailable', error);
  }
}
