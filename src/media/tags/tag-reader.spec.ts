import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { bytes, header, u32, u8, zeros } from '../../../test/support/isobmff/box-builder.js';
import { type ByteSource, MemorySource } from '../../core/bytes/index.js';
import { TagReader } from './tag-reader.js';

const frame = (id: string, content: Buffer) => bytes(id, u32(content.length), u8(0, 0), content);
const text = (id: string, words: string) => frame(id, bytes(u8(0), words));
function id3(...frames: Buffer[]): Buffer {
  const content = Buffer.concat(frames);
  const size = [21, 14, 7, 0].map((shift) => (content.length >> shift) & 127);
  return bytes('ID3', u8(3, 0, 0, ...size), content);
}
const frames = Buffer.alloc(417 * 20, Buffer.concat([u8(0xff, 0xfb, 0x90, 0x64), zeros(413)]));
const mp3 = (...tags: Buffer[]) => new MemorySource(Buffer.concat([id3(...tags), frames]));

/** Takes so many milliseconds to be read. */
function slow(delay: number): Pick<ByteSource, 'size' | 'read'> {
  const song = mp3(text('TIT2', 'slow'));
  let wait: Promise<void> | undefined;
  return {
    size: song.size,
    read: async (offset, length) => {
      await (wait ??= setTimeout(delay));
      return song.read(offset, length);
    },
  };
}

describe('a tag reader', () => {
  const reader = new TagReader();
  afterAll(() => reader.close());

  it('reads what people look for, and the size of the cover', async () => {
    const cover = frame('APIC', bytes(u8(0), 'image/jpeg\0', u8(3, 0), zeros(5000)));
    const song = mp3(
      text('TIT2', 'Été'),
      text('TPE1', 'Somebody'),
      text('TALB', 'Album'),
      text('TRCK', '3/9'),
      cover,
    );
    expect(await reader.read(song, 'audio/mpeg')).toEqual({
      tags: {
        title: 'Été',
        artist: 'Somebody',
        album: 'Album',
        albumArtist: null,
        track: 3,
        year: null,
        genre: null,
        comment: null,
        cover: { mediaType: 'application/octet-stream', size: 5000 },
      },
    });
  });

  it('tells what the cover is by its bytes, and takes the front cover', async () => {
    const front = bytes(u8(0x89), 'PNG\r\n', u8(0x1a, 0x0a), zeros(70_000));
    const picture = (kind: number, content: Buffer) =>
      frame('APIC', bytes(u8(0), 'image/jpeg\0', u8(kind, 0), content));
    const song = () => mp3(picture(4, zeros(100)), picture(3, front));
    expect(await reader.read(song(), 'audio/mpeg')).toMatchObject({
      tags: { cover: { mediaType: 'image/png', size: front.length } },
    });
    const result = await reader.readCover(song(), 'audio/mpeg');
    expect(Buffer.from((result as { cover: Uint8Array }).cover).equals(front)).toBe(true);
    expect(await reader.readCover(new MemorySource(frames), 'audio/mpeg')).toMatchObject({ cover: null });
  });

  it('finds none where there are none, and keeps texts short', async () => {
    expect(await reader.read(new MemorySource(frames), 'audio/mpeg')).toEqual({ tags: null });
    const long = await reader.read(mp3(text('TIT2', 'x'.repeat(5000))), 'audio/mpeg');
    expect(long).toMatchObject({ tags: { title: 'x'.repeat(1000) } });
  });

  it('reads one after the other for all who ask at once', async () => {
    const titles = Array.from({ length: 8 }, (_, index) => `Song ${index}`);
    const read = await Promise.all(
      titles.map((title) => reader.read(mp3(text('TIT2', title)), 'audio/mpeg')),
    );
    expect(read.map((one) => (one as { tags: { title: string } }).tags.title)).toEqual(titles);
  });

  it('gives up a file that reads on and on, and goes on with the next', async () => {
    const greedy = new TagReader({ patience: 5000, bytes: 100_000, idle: 1000 });
    const big = mp3(text('TIT2', 'x'), frame('APIC', bytes(u8(0), 'image/jpeg\0', u8(3, 0), zeros(500_000))));
    expect(await greedy.read(big, 'audio/mpeg')).toBe('unread');
    expect(await greedy.readCover(big, 'audio/mpeg')).toBe('unread');
    expect(await greedy.read(mp3(text('TIT2', 'y')), 'audio/mpeg')).toMatchObject({ tags: { title: 'y' } });
    await greedy.close();
  });

  it('gives up a file that takes too long', async () => {
    const hasty = new TagReader({ patience: 300, bytes: 2 ** 30, idle: 1000 });
    // A million boxes of nothing: 8 MB that keep the library busy for more than 20 seconds.
    const boxes = Buffer.alloc(8 * 2 ** 20, header('free', 8));
    const film = new MemorySource(bytes(header('ftyp', 16), 'isom', u32(0), boxes));
    const before = performance.now();
    expect(await hasty.read(film, 'video/mp4')).toBe('unread');
    expect(performance.now() - before).toBeLessThan(3000);
    const waited = [hasty.read(film, 'video/mp4'), hasty.read(mp3(text('TIT2', 'y')), 'audio/mpeg')];
    expect(await Promise.all(waited)).toEqual(['unread', 'busy']);
    await hasty.close();
  });

  it('gives each file the same time, however long it has waited for others', async () => {
    const patient = new TagReader({ patience: 1500, bytes: 2 ** 20, idle: 1000 });
    // The first starts the worker, which is not to count here.
    await patient.read(mp3(text('TIT2', 'x')), 'audio/mpeg');
    const read = await Promise.all([900, 900].map((delay) => patient.read(slow(delay), 'audio/mpeg')));
    expect(read).toEqual([0, 1].map(() => expect.objectContaining({ tags: expect.anything() as unknown })));
    await patient.close();
  });

  it('fails as the file does', async () => {
    const broken = { size: 5000, read: () => Promise.reject(new Error('disk')) };
    await expect(reader.read(broken, 'audio/mpeg')).rejects.toThrow('disk');
    expect(await reader.read(mp3(text('TIT2', 'z')), 'audio/mpeg')).toMatchObject({ tags: { title: 'z' } });
  });
});
