// A process that throws away and restores what is below the folder it is given, from its first line of input for as long as it lives, by the built driver.
import { once } from 'node:events';
import { LocalDiskDriver } from '../../../dist/storage/drivers/local-disk/local-disk-driver.js';

const [root] = process.argv.slice(2);
const driver = new LocalDiskDriver({ root, hidden: false });

/** Puts away what is there, brings back what is not; of each there is one, in its place or in the trash. */
const swing = async (key) => {
  for (;;) {
    const { id } = await driver.discard(key).catch(async (error) => {
      if (error.reason !== 'missing') throw error;
      for await (const discarded of driver.discarded()) if (discarded.key === key) return discarded;
      throw new Error(`${key} is lost`);
    });
    await driver.restore(id, key);
  }
};

/** What is copied may go for good. */
const waste = async () => {
  for (let count = 0; ; count += 1) {
    const { key } = await driver.copy('kept/folder', `waste/${process.pid}-${count}`);
    const { id } = await driver.discard(key);
    await driver.purge(id);
  }
};

process.stdout.write('.');
await once(process.stdin, 'data');
await Promise.all([swing('file'), swing('folder'), swing('deep/in/file'), waste()]);
