import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import sharp from 'sharp';
import { AccessRules, parseRules } from '../core/access/index.js';
import { MemorySource } from '../core/bytes/index.js';
import { requestedPath } from '../core/path/index.js';
import { MemoryThumbnails } from './kept-thumbnails.js';
import type { PictureOrigin, PictureOrigins } from './picture-origins.js';
import { CannotDrawError } from './drawing-process.js';
import { Studio } from './studio.js';
import { ThumbnailService } from './thumbnail.service.js';
import type { ThumbnailStore } from './thumbnail-store.js';

const studio = new Studio(path.join(import.meta.dirname, '../../dist/thumbnails/draw-program.js'));
afterAll(() => studio.close());

const ALL = new AccessRules(parseRules('/:r'));
// What is logged is not looked at here.
Logger.overrideLogger(false);

const PATH = requestedPath(['x']);
const STAYS = new AbortController().signal;

/** Makes thumbnails of these pictures, in this order; `opened` are the identities of those that were. */
function serviceOf(pictures: Record<string, Buffer | undefined>, drawing = studio) {
  const opened: string[] = [];
  const origins = Object.entries(pictures).map(([identity, bytes]): PictureOrigin => ({
    identity,
    lastModified: 0,
    open: async () => {
      opened.push(identity);
      return bytes && { source: new MemorySource(bytes), close: async () => undefined };
    },
  }));
  async function* of() {
    yield* origins;
  }
  const service = new ThumbnailService(
    { of } as unknown as PictureOrigins,
    new MemoryThumbnails(2 ** 20) as unknown as ThumbnailStore,
    drawing,
  );
  const make = (size = 160) => service.make(PATH, size, ALL, STAYS);
  return { make, opened };
}

const picture = () =>
  sharp({ create: { width: 50, height: 50, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

describe('thumbnails', () => {
  it('are made once for each size, of the first picture that is any use', async () => {
    const { make, opened } = serviceOf({
      none: undefined,
      broken: Buffer.from('no picture'),
      good: await picture(),
    });
    const [first, second] = await Promise.all([make(), make()]);
    expect(second.bytes).toBe(first.bytes);
    expect((await make()).bytes).toEqual(first.bytes);
    expect(opened).toEqual(['none', 'broken', 'good']);
    await make(320);
    expect(opened).toEqual(['none', 'broken', 'good', 'good']);
  });

  it('are said not to be there, and why, without looking again', async () => {
    const none = serviceOf({ none: undefined });
    const broken = serviceOf({ broken: Buffer.from('no picture'), none: undefined });
    for (let times = 0; times < 2; times++) {
      await expect(none.make()).rejects.toMatchObject({ slug: 'no-thumbnail', status: 404 });
      await expect(broken.make(320)).rejects.toMatchObject({ slug: 'picture-unusable', status: 422 });
    }
    expect([none.opened, broken.opened]).toEqual([['none'], ['broken', 'none']]);
  });

  it('cannot be had where the library has no binary, and it is loaded for a picture only', async () => {
    let tries = 0;
    const draw = () => {
      tries++;
      return Promise.reject(
        new CannotDrawError('Could not load the "sharp" module using the linux-riscv64 runtime'),
      );
    };
    const none = { draw, close: () => undefined } as unknown as Studio;
    await expect(serviceOf({ none: undefined }, none).make()).rejects.toMatchObject({ slug: 'no-thumbnail' });
    expect(tries).toBe(0);
    const { make } = serviceOf({ good: await picture() }, none);
    for (let times = 0; times < 2; times++)
      await expect(make()).rejects.toMatchObject({ slug: 'thumbnails-unavailable', status: 501 });
    expect(tries).toBe(1);
  });

  it('of a file that cannot be read for a moment are made the next time', async () => {
    let fails = true;
    const source = new MemorySource(await picture());
    const origin: PictureOrigin = {
      identity: 'flaky',
      lastModified: 0,
      open: () =>
        fails ? Promise.reject(new Error('EIO')) : Promise.resolve({ source, close: async () => undefined }),
    };
    async function* of() {
      yield origin;
    }
    const service = new ThumbnailService(
      { of } as unknown as PictureOrigins,
      new MemoryThumbnails(0) as unknown as ThumbnailStore,
      studio,
    );
    await expect(service.make(PATH, 160, ALL, STAYS)).rejects.toThrow('EIO');
    fails = false;
    expect((await service.make(PATH, 160, ALL, STAYS)).bytes.length).toBeGreaterThan(50);
  });
});
