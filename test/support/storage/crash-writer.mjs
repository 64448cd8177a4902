// A process that changes files below the folder it is given from its first line of input for as long as it lives, by the built driver.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { LocalDiskDriver } from '../../../dist/storage/drivers/local-disk/local-disk-driver.js';

const [root] = process.argv.slice(2);
const driver = new LocalDiskDriver({ root, hidden: false });
const replace = { onConflict: 'replace' };

/** 1 to 128 KiB, beginning with the digest of the rest. */
function bytes() {
  const rest = Buffer.alloc(2 ** (10 + Math.floor(Math.random() * 8)), Math.random().toString());
  return [createHash('sha256').update(rest).digest(), rest];
}

const forever = async (change) => {
  for (;;) await change();
};

const moved = { from: 'move/a/film', to: 'move/b/film' };
const swap = async (pair) => {
  await driver.move(pair.from, pair.to).catch(async (error) => {
    if (error.reason !== 'missing') throw error;
    await driver.move(pair.to, pair.from);
  });
};
const folder = { from: 'folders/a', to: 'folders/deep/b' };
let count = 0;

process.stdout.write('.');
await once(process.stdin, 'data');
await Promise.all([
  forever(() => driver.write('replace/film', Readable.from(bytes()), replace)),
  forever(async () => {
    count += 1;
    await driver.write(`create/${count}/new/film`, Readable.from(bytes()), { onConflict: 'rename' });
    await driver.remove(`create/${count}`);
  }),
  forever(() => swap(moved)),
  forever(() => swap(folder)),
  forever(async () => {
    await driver.copy('replace/film', 'copy/film', replace);
    await driver.copy('folders/kept', 'copy/folder');
    await driver.remove('copy/folder');
  }),
]);
