import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Appender } from './appender.js';

describe('Appender', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'playhead-test-'));
    file = path.join(folder, 'file');
    await writeFile(file, 'before ');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes every piece in its place, and gives each back once', async () => {
    const pieces = [1, 70_000, 64 * 1024, 600_000, 3, 0, ...Array<number>(200).fill(5000)].map((size) =>
      randomBytes(size),
    );
    const expected = Buffer.concat([Buffer.from('before '), ...pieces]);
    const released: Uint8Array[] = [];
    const handle = await open(file, 'r+');
    const appender = new Appender(handle, 7, (piece) => {
      released.push(piece);
      piece.fill(0);
    });
    for (const piece of pieces) await appender.append(piece);
    await appender.settled();
    await handle.close();
    expect((await readFile(file)).equals(expected)).toBe(true);
    expect(released).toEqual(pieces);
  });

  it('lets no more wait than there is room for', async () => {
    const handle = await open(file, 'r+');
    let inHand = 0;
    let most = 0;
    const appender = new Appender(handle, 0, (piece) => (inHand -= piece.length));
    for (let count = 0; count < 500; count += 1) {
      const piece = Buffer.alloc(64 * 1024);
      inHand += piece.length;
      most = Math.max(most, inHand);
      await appender.append(piece);
    }
    await appender.settled();
    await handle.close();
    expect(inHand).toBe(0);
    expect(most).toBeLessThan(1.2 * 2 ** 20);
  });

  it('tells of a write that failed, to whoever gives more and to whoever waits for the end', async () => {
    const handle = await open(file, 'r');
    const appender = new Appender(handle, 0);
    await appender.append(Buffer.from('lost'));
    await expect(appender.settled()).rejects.toMatchObject({ code: 'EBADF' });
    await expect(appender.append(Buffer.from('more'))).rejects.toMatchObject({ code: 'EBADF' });
    await handle.close();
    expect(await readFile(file, 'utf8')).toBe('before ');
  });
});
