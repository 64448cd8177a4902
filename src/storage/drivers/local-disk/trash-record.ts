import { open, readFile, unlink } from 'node:fs/promises';
import type { ObjectKey } from '../../../core/path/index.js';
import { isDiscardedId } from '../../discarded-id.js';
import type { Discarded, DiscardedId } from '../../storage-driver.js';
import { TRASH } from './trash-home.js';
import type { WriteContext } from './write-context.js';
import { codeOf } from './write-error.js';

const SUFFIX = '.json';

/** What is remembered of something in the trash: in the state folder, on whatever file system the thing itself is. */
export interface TrashRecord extends Discarded {
  /** @see TrashHome.top */
  readonly top: ObjectKey | null;
}

/** The id of the record that a file of this name holds. */
export function recordedId(name: string): DiscardedId | undefined {
  const id = name.slice(0, -SUFFIX.length);
  return name.endsWith(SUFFIX) && isDiscardedId(id) ? id : undefined;
}

/** Resolves when it is durable. @throws what `node:fs` throws; then there may be a part of it */
export async function writeRecord({ state }: WriteContext, record: TrashRecord): Promise<void> {
  const folder = await state.open(TRASH);
  try {
    const file = await open(folder.at(record.id + SUFFIX), 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Undefined when there is none, or it is not whole. @throws what `node:fs` throws */
export async function readRecord({ state }: WriteContext, id: string): Promise<TrashRecord | undefined> {
  const folder = isDiscardedId(id) ? await state.openExisting(TRASH) : undefined;
  try {
    if (!folder) return undefined;
    return JSON.parse(await readFile(folder.at(id + SUFFIX), 'utf8')) as TrashRecord;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await folder?.close();
  }
}

/** Also when there is none. @throws what `node:fs` throws */
export async function removeRecord({ state }: WriteContext, id: DiscardedId): Promise<void> {
  const folder = await state.openExisting(TRASH);
  try {
    if (!folder) return;
    await unlink(folder.at(id + SUFFIX));
    await folder.sync();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await folder?.close();
  }
}
