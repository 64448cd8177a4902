import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import { objectKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import type { DriverHarness } from './driver-contract-harness.js';
import type { WriteOptions } from './storage-driver.js';
import type { StorageErrorReason } from './storage-error.js';

export const key = (path: string) => objectKey(path.split('/'));
export const refusal = (reason: StorageErrorReason) =>
  expect.objectContaining({ name: 'StorageError', reason });
export const content = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
export const tag = (opaque: string) => ({ weak: false, opaque });

/** Looks into the storage under test, and changes it. */
export function toolsFor(harness: () => DriverHarness) {
  const write = (path: string, text: string, options?: WriteOptions) =>
    harness().driver.write(key(path), content(text), options);
  const read = async (path: string) => {
    const object = await harness().driver.open(key(path));
    try {
      return String(await buffer(object.source.stream(0, object.source.size)));
    } finally {
      await object.close();
    }
  };
  const tagOf = async (path: string) => {
    const stat = await harness().driver.stat(key(path));
    return stat.kind === 'file' ? stat.validators.etag : undefined;
  };
  /** Every file and folder, files with what is in them. */
  const everything = async (folder: ObjectKey = ROOT_KEY): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for await (const batch of harness().driver.list(folder)) {
      for (const entry of batch) {
        const path = folder === ROOT_KEY ? entry.name : `${folder}/${entry.name}`;
        if (entry.kind === 'file') found[path] = await read(path);
        else Object.assign(found, { [`${path}/`]: '' }, await everything(key(path)));
      }
    }
    return found;
  };
  /** Expects a change to be refused and to have changed nothing. */
  const refused = async (change: Promise<unknown>, expected: StorageErrorReason | Error) => {
    const before = await everything();
    await expect(change).rejects.toEqual(expected instanceof Error ? expected : refusal(expected));
    expect(await everything()).toEqual(before);
  };

  return { write, read, tagOf, everything, refused };
}
