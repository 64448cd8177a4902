import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectKey } from '../core/path/index.js';
import type { ObjectStat, StorageDriver } from './storage-driver.js';

/** Milliseconds, and how often that is waited for at most. */
const PAUSE = 7;
const ATTEMPTS = 6;

/**
 * What there is, with the tag that whoever looks from now on sees, so that it may be sent back as If-Match. Of a file
 * that changed a moment ago each look may have another tag.
 * @throws StorageError as `StorageDriver.stat`
 */
export async function settledStat(storage: StorageDriver, key: ObjectKey): Promise<ObjectStat> {
  let seen = await storage.stat(key);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const again = await storage.stat(key);
    if (tagOf(again) === tagOf(seen)) return again;
    seen = again;
    await sleep(PAUSE);
  }
  return seen;
}

function tagOf(stat: ObjectStat): string {
  return stat.kind === 'file' ? stat.validators.etag.opaque : '';
}
