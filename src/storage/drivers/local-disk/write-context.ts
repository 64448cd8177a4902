import type { Journal } from './journal.js';
import type { NameLocks } from './name-locks.js';
import type { ServedFolder } from './served-folder.js';
import type { StateFolder } from './state-folder.js';

/** What every change of one served folder works with. */
export interface WriteContext {
  readonly served: ServedFolder;
  readonly state: StateFolder;
  readonly journal: Journal;
  readonly locks: NameLocks;
}
