// Writes under each name that comes in, one a line, unless something has it, and tells whether it did.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { LocalDiskDriver } from '../../../dist/storage/drivers/local-disk/local-disk-driver.js';

const [root, text] = process.argv.slice(2);
const driver = new LocalDiskDriver({ root, hidden: false });
const options = { onConflict: 'replace', conditions: { ifNoneMatch: '*' } };

process.stdout.write('ready\n');
for await (const name of createInterface({ input: process.stdin })) {
  const outcome = await driver.write(name, Readable.from([Buffer.from(text)]), options).then(
    () => 'won',
    ({ reason }) => reason,
  );
  process.stdout.write(`${outcome}\n`);
}
