import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AppConfig } from '../config/app-config.js';
import { objectKey } from '../core/path/index.js';
import { MemoryDriver } from '../storage/drivers/memory/memory-driver.js';
import type { DiscardedId } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { TrashKeeper } from './trash-keeper.js';

Logger.overrideLogger(false);

/** Cannot remove one thing, whatever that is. */
class StubbornDriver extends MemoryDriver {
  stubborn: DiscardedId | undefined;

  override async purge(id: DiscardedId): Promise<void> {
    if (id === this.stubborn) throw new StorageError('denied');
    await super.purge(id);
  }
}

describe('the keeper of the trash', () => {
  it('removes what it can, whatever stands in the way of the rest', async () => {
    const storage = new StubbornDriver();
    for (const name of ['a', 'b', 'c']) {
      const key = objectKey([name]);
      await storage.makeFolder(key);
      const { id } = await storage.discard(key, {});
      if (name === 'b') storage.stubborn = id;
    }
    const keeper = new TrashKeeper(storage, Object.assign(new AppConfig(), { trashRetention: 60 }));
    expect(await keeper.clean(Date.now())).toBe(0);
    expect(await keeper.clean(Date.now() + 61_000)).toBe(2);
    const left: string[] = [];
    for await (const { key } of storage.discarded()) left.push(key);
    expect(left).toEqual(['b']);
  });
});
