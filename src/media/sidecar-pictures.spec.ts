import { describe, expect, it } from '@jest/globals';
import { AccessRules, parseRules } from '../core/access/index.js';
import { objectKey, type ObjectKey } from '../core/path/index.js';
import { MemoryDriver } from '../storage/drivers/memory/memory-driver.js';
import { StorageError, type StorageErrorReason } from '../storage/storage-error.js';
import { SidecarPictures } from './sidecar-pictures.js';

const ALL = new AccessRules(parseRules('/:r'));
const key = (path: string) => objectKey(path.split('/'));

async function beside(...names: string[]): Promise<SidecarPictures> {
  const storage = new MemoryDriver();
  for (const name of names) await storage.write(key(name), content());
  return new SidecarPictures(storage);
}
async function* content() {
  yield Buffer.from('x');
}

const ofFilm = (pictures: SidecarPictures, rules = ALL) =>
  pictures.ofFile(key('a/film.mp4'), 'video/mp4', rules);
const ofSong = (pictures: SidecarPictures, rules = ALL) =>
  pictures.ofFile(key('a/song.mp3'), 'audio/mpeg', rules);

describe('a picture beside a file', () => {
  it.each<[string[], ObjectKey | undefined]>([
    [['a/film.jpg'], key('a/film.jpg')],
    [['a/film-poster.png', 'a/film.webp'], key('a/film.webp')],
    [['a/FILM-Poster.PNG'], key('a/FILM-Poster.PNG')],
    [['a/film.mp4', 'a/film2.jpg', 'film.jpg', 'a/film.jpg.txt', 'a/film.svg'], undefined],
    [['a/film.jpg/x', 'a/cover.jpg'], undefined],
  ])('of %j is %s', async (names, found) => {
    expect(await ofFilm(await beside(...names, 'a/other'))).toBe(found);
  });

  it('of sound may be that of the folder, the best known name first', async () => {
    const names = ['a/AlbumArt.jpg', 'a/front.jpg', 'a/Folder.JPEG', 'a/poster.jpg'];
    expect(await ofSong(await beside(...names))).toBe('a/Folder.JPEG');
    expect(await ofSong(await beside(...names, 'a/Cover.webp', 'a/cover.png'))).toBe('a/cover.png');
    expect(await ofSong(await beside('a/cover.jpg', 'a/song.png'))).toBe('a/song.png');
    expect(await ofSong(await beside('a/poster.jpg'))).toBeUndefined();
  });

  it('is not seen by who may not read it, and the next one is', async () => {
    const pictures = await beside('a/cover.jpg', 'a/folder.jpg');
    const some = new AccessRules(parseRules('/:r,/a/cover.jpg:-'));
    expect(await ofSong(pictures, some)).toBe('a/folder.jpg');
    expect(await ofSong(pictures, ALL.readingBelow(key('a/song.mp3')))).toBeUndefined();
    expect(await pictures.ofFolder(key('a'), some)).toBe('a/folder.jpg');
  });

  it('of a folder is its cover, or its poster', async () => {
    expect(await (await beside('a/Poster.png')).ofFolder(key('a'), ALL)).toBe('a/Poster.png');
    expect(await (await beside('a/Poster.png', 'a/cover.jpg')).ofFolder(key('a'), ALL)).toBe('a/cover.jpg');
    expect(await (await beside('a/film.jpg')).ofFolder(key('a'), ALL)).toBeUndefined();
  });

  it('in a folder of any size is looked for so far and no further', async () => {
    let listed = 0;
    async function* endless() {
      for (;;) {
        listed += 1000;
        yield Array.from({ length: 1000 }, () => ({ name: 'x', kind: 'file', size: 0, lastModified: 0 }));
      }
    }
    const pictures = new SidecarPictures({ list: endless } as unknown as MemoryDriver);
    expect(await ofFilm(pictures)).toBeUndefined();
    expect(listed).toBe(20_000);
  });

  it('in a folder that the server may not list is none; a disk that does not answer is told', async () => {
    const failing = (reason: StorageErrorReason) =>
      new SidecarPictures({ list: () => refuse(reason) } as unknown as MemoryDriver);
    expect(await ofFilm(failing('denied'))).toBeUndefined();
    expect(await ofFilm(failing('missing'))).toBeUndefined();
    await expect(ofFilm(failing('unavailable'))).rejects.toThrow(StorageError);
  });
});

// eslint-disable-next-line require-yield -- it fails before there is anything to yield
async function* refuse(reason: StorageErrorReason): AsyncGenerator<never> {
  throw await Promise.resolve(new StorageError(reason));
}
