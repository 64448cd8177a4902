import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { parseRules } from '../../src/core/access/index.js';
import { DiskThumbnails } from '../../src/thumbnails/disk-thumbnails.js';
import type { Reply } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { get as rawGet } from '../support/raw-socket.js';
import { basic, user } from '../support/users.js';

const RED = { r: 220, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 220 };
const GREEN = { r: 20, g: 180, b: 20 };
type Colour = typeof RED;

const ALICE = basic('alice', 'right');
const BOB = basic('bob', 'builder');
const PLACE = {
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
  IFD0: { Artist: 'secret' },
};

const plain = (background: Colour, width = 800, height = 400) =>
  sharp({ create: { width, height, channels: 3, background } });

/** Left half of one colour, right half of the other. */
async function halves(left: Colour, right: Colour): Promise<Buffer> {
  const half = await plain(right, 400, 400).png().toBuffer();
  return plain(left)
    .composite([{ input: half, left: 400, top: 0 }])
    .png()
    .toBuffer();
}

function ffmpeg(...parameters: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...parameters], { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
}

function pageOf(first: Playhead) {
  const url = (name: string, size?: number | string) =>
    `/api/v1/thumbnails/${encodeURI(name)}${size === undefined ? '' : `?size=${size}`}`;
  const ask = (name: string, size?: number | string, headers = {}) =>
    first.http.get(url(name, size), headers);
  return { url, ask };
}

async function lookAt({ status, headers, body }: Reply) {
  expect([status, headers['content-type']]).toEqual([200, 'image/webp']);
  const { data, info } = await sharp(body).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
    const [r, g, b] = data.subarray(start, start + 3);
    const [named] = [...Object.entries({ red: RED, blue: BLUE, green: GREEN })].filter(
      ([, colour]) => Math.abs(colour.r - r!) + Math.abs(colour.g - g!) + Math.abs(colour.b - b!) < 60,
    );
    return named?.[0] ?? `${r},${g},${b}`;
  };
  const metadata = await sharp(body).metadata();
  return { width: info.width, height: info.height, at, metadata, colour: at(0.5, 0.5) };
}

/** By way of memory: the server has shut the way by files, for all of the process. */
const metadataOf = async (name: string) => sharp(await readFile(at(name))).metadata();

const typeOf = ({ json }: Reply) => String(json.type).replace('/problems/', '');

let root: string;
let state: string;
let playhead: Playhead;
const at = (name: string) => path.join(root, name);

async function start(changes: Parameters<typeof startPlayhead>[0] = {}): Promise<Playhead> {
  return startPlayhead({
    root,
    stateDir: state,
    users: [user('alice', 'right', '/:rw'), user('bob', 'builder', '/:r,/guarded/film.jpg:-')],
    rules: parseRules('/closed:-'),
    ...changes,
  });
}

beforeAll(async () => {
  root = await makeFolder();
  state = await makeFolder();
  for (const folder of ['pictures', 'hostile', 'album', 'bare', 'films', 'guarded', 'closed', 'posters'])
    await mkdir(at(folder));
  const split = await halves(RED, BLUE);
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)
    await sharp(split)
      .toFormat(format)
      .toFile(at(`pictures/split.${format === 'jpeg' ? 'jpg' : format}`));
  await sharp(split).jpeg().withExif(PLACE).keepExif().toFile(at('pictures/place.jpg'));
  // Orientation 6: the first row is the right side (EXIF 2.32 §4.6.4).
  await sharp(split).jpeg().withMetadata({ orientation: 6 }).toFile(at('pictures/turned.jpg'));
  await plain(RED).toColourspace('cmyk').jpeg().toFile(at('pictures/cmyk.jpg'));
  await plain(GREEN).toColourspace('rgb16').png().toFile(at('pictures/deep.png'));
  await plain(GREEN, 40, 20).png().toFile(at('pictures/tiny.png'));
  const frames = await Promise.all([RED, BLUE].map((colour) => plain(colour).png().toBuffer()));
  for (const format of ['gif', 'webp'] as const)
    await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toFile(at(`pictures/moves.${format}`));

  const jpeg = await sharp({
    create: {
      width: 1000,
      height: 1000,
      channels: 3,
      background: RED,
      noise: { type: 'gaussian', mean: 120, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();
  await writeFile(at('hostile/cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  await writeFile(at('hostile/text.jpg'), 'This is no picture, whatever it is called.');
  await writeFile(at('hostile/empty.png'), '');
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  await writeFile(at('hostile/drawing.svg'), svg);
  await writeFile(at('hostile/drawing.png'), svg);
  await writeFile(at('hostile/paper.png'), '%PDF-1.4\n%%EOF');
  await writeFile(at('hostile/large.tiff'), await plain(RED).tiff().toBuffer());
  await truncate(at('hostile/large.tiff'), 64 * 2 ** 20 + 1);
  await writeFile(at('hostile/bomb.png'), emptyPng(30_000));

  const cover = await plain(GREEN, 600, 600).jpeg().toBuffer();
  await writeFile(at('green.jpg'), cover);
  const tone = ['-f', 'lavfi', '-i', 'sine=duration=1'];
  const withCover = [
    '-i',
    at('green.jpg'),
    '-map',
    '0',
    '-map',
    '1',
    '-c:v',
    'copy',
    '-disposition:v:0',
    'attached_pic',
  ];
  ffmpeg(...tone, ...withCover, at('bare/song.mp3'));
  ffmpeg(...tone, ...withCover, at('bare/song.flac'));
  ffmpeg(...tone, ...withCover, at('bare/song.m4a'));
  ffmpeg(...tone, at('bare/silent.mp3'));
  ffmpeg(...tone, at('album/plain.mp3'));
  ffmpeg(...tone, '-c:a', 'libopus', ...oggPicture(cover), at('bare/song.opus'));
  const film = ['-f', 'lavfi', '-i', 'testsrc=duration=1:size=64x48:rate=5'];
  ffmpeg(
    ...film,
    '-attach',
    at('green.jpg'),
    '-metadata:s:t',
    'mimetype=image/jpeg',
    '-metadata:s:t',
    'filename=cover.jpg',
    at('bare/film.mkv'),
  );
  for (const name of ['films/film.mp4', 'films/other.mp4', 'guarded/film.mp4'])
    ffmpeg(...film, '-pix_fmt', 'yuv420p', at(name));
  await plain(RED).jpeg().toFile(at('album/Cover.JPG'));
  await plain(RED).jpeg().toFile(at('films/film-poster.jpg'));
  await plain(BLUE).png().toFile(at('posters/Poster.png'));
  await plain(BLUE).jpeg().toFile(at('guarded/film.jpg'));
  await plain(BLUE).jpeg().toFile(at('closed/photo.jpg'));
  await writeFile(at('notes.txt'), 'notes');
  playhead = await start();
});
afterAll(async () => {
  await playhead.close();
  for (const folder of [root, state]) await rm(folder, { recursive: true });
});

/** A square of one bit a pixel: 110 kB that become 900 million pixels. */
function emptyPng(side: number): Buffer {
  const chunk = (name: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), content]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const lines = deflateSync(Buffer.alloc((side / 8 + 1) * side));
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', lines), chunk('IEND', Buffer.alloc(0))]);
}

/** METADATA_BLOCK_PICTURE of a Vorbis comment (RFC 9639 §8.8), as a parameter of ffmpeg. */
function oggPicture(picture: Buffer): string[] {
  const number = (value: number) => Buffer.from([24, 16, 8, 0].map((shift) => (value >> shift) & 255));
  const type = Buffer.from('image/jpeg');
  const block = [
    number(3),
    number(type.length),
    type,
    ...[0, 0, 0, 0, 0, picture.length].map(number),
    picture,
  ];
  return ['-metadata', `METADATA_BLOCK_PICTURE=${Buffer.concat(block).toString('base64')}`];
}

const ask = (...request: Parameters<ReturnType<typeof pageOf>['ask']>) => pageOf(playhead).ask(...request);

describe('a thumbnail of a picture', () => {
  it.each(['jpg', 'png', 'webp', 'gif', 'avif', 'tiff'])('is made of %s', async (extension) => {
    const { width, height, at: colourAt, metadata } = await lookAt(await ask(`pictures/split.${extension}`));
    expect([width, height, colourAt(0.2, 0.5), colourAt(0.8, 0.5)]).toEqual([320, 160, 'red', 'blue']);
    expect(metadata.space).toBe('srgb');
  });

  it.each([160, 320, 640, 1280])(
    'has at most the %i pixels asked for, and is never enlarged',
    async (size) => {
      expect(await lookAt(await ask('pictures/split.jpg', size))).toMatchObject({
        width: Math.min(size, 800),
      });
      expect(await lookAt(await ask('pictures/tiny.png', size))).toMatchObject({ width: 40, height: 20 });
    },
  );

  it('stands upright, and says neither where it was taken nor by whom', async () => {
    const turned = await lookAt(await ask('pictures/turned.jpg'));
    expect([turned.width, turned.height]).toEqual([160, 320]);
    expect([turned.at(0.5, 0.2), turned.at(0.5, 0.8)]).toEqual(['red', 'blue']);
    expect(turned.metadata.orientation).toBeUndefined();
    expect((await metadataOf('pictures/place.jpg')).exif).toBeDefined();
    const reply = await ask('pictures/place.jpg');
    const { exif, xmp, iptc, icc } = (await lookAt(reply)).metadata;
    expect({ exif, xmp, iptc, icc }).toEqual({});
    expect(reply.body.includes('secret')).toBe(false);
  });

  it('has colours of sRGB whatever the picture has, and of what moves the first frame', async () => {
    expect((await metadataOf('pictures/cmyk.jpg')).space).toBe('cmyk');
    expect((await metadataOf('pictures/deep.png')).depth).toBe('ushort');
    const cmyk = await lookAt(await ask('pictures/cmyk.jpg'));
    expect(cmyk.metadata).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar' });
    expect(await lookAt(await ask('pictures/deep.png'))).toMatchObject({ colour: 'green' });
    for (const extension of ['gif', 'webp']) {
      expect((await metadataOf(`pictures/moves.${extension}`)).pages).toBe(2);
      const { colour, height, metadata } = await lookAt(await ask(`pictures/moves.${extension}`));
      expect([colour, height, metadata.pages ?? 1]).toEqual(['red', 160, 1]);
    }
  });

  it('comes with validators that hold, and header fields that let it do nothing', async () => {
    const { headers, body } = await ask('pictures/split.jpg');
    expect(headers).toMatchObject({
      'cache-control': 'no-cache, no-transform',
      'content-length': String(body.length),
      'content-security-policy': "default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect((await ask('pictures/split.jpg', 320, { 'If-None-Match': headers.etag! })).status).toBe(304);
    const other = await ask('pictures/split.jpg', 640, { 'If-None-Match': headers.etag! });
    expect([other.status, other.headers.etag === headers.etag]).toEqual([200, false]);
    const head = await playhead.http.head(pageOf(playhead).url('pictures/split.jpg'));
    expect([head.status, head.headers.etag, head.body.length]).toEqual([200, headers.etag, 0]);
    expect((await ask('pictures/split.jpg', 320, ALICE)).headers['cache-control']).toBe(
      'private, no-cache, no-transform',
    );
  });

  it('is another when the picture is', async () => {
    await plain(RED).png().toFile(at('changing.png'));
    const before = await ask('changing.png');
    await plain(BLUE).png().toFile(at('changing.png'));
    const after = await ask('changing.png', 320, { 'If-None-Match': before.headers.etag! });
    expect([(await lookAt(before)).colour, (await lookAt(after)).colour]).toEqual(['red', 'blue']);
  });

  it.each(['0', '321', '', 'large', '320&x=1', '320&size=160'])('has no size=%s', async (size) => {
    const reply = await ask('pictures/split.jpg', size);
    expect([reply.status, typeOf(reply)]).toEqual([400, 'validation-failed']);
  });
});

describe('hostile pictures', () => {
  it.each([
    ['cut.jpg', 'broken'],
    ['text.jpg', 'no JPEG'],
    ['empty.png', 'no JPEG'],
    ['drawing.png', 'no JPEG'],
    ['paper.png', 'no JPEG'],
    ['large.tiff', 'more than 67108864 bytes'],
    ['bomb.png', '100 million pixels'],
  ])('%s is refused', async (name, why) => {
    const before = process.memoryUsage().rss;
    const reply = await ask(`hostile/${name}`);
    expect([reply.status, typeOf(reply)]).toEqual([422, 'picture-unusable']);
    expect(reply.json.detail).toContain(why);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
    // It is remembered, and says the same.
    expect((await ask(`hostile/${name}`, 160)).json.detail).toBe(reply.json.detail);
  });

  it('that are programs are never drawn', async () => {
    expect(typeOf(await ask('hostile/drawing.svg'))).toBe('no-thumbnail');
  });

  it('in tags of 50 MB are not read', async () => {
    const length = 50_000_000;
    const size = (value: number) => Buffer.from([21, 14, 7, 0].map((shift) => (value >> shift) & 127));
    const frame = Buffer.concat([
      Buffer.from('APIC'),
      Buffer.alloc(4),
      Buffer.from('\0\0\0image/jpeg\0\x03\0', 'latin1'),
    ]);
    frame.writeUInt32BE(length + 13, 4);
    const head = Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), size(frame.length + length), frame]);
    const picture = await plain(RED).jpeg().toBuffer();
    await writeFile(
      at('bare/greedy.mp3'),
      Buffer.concat([head, picture, Buffer.alloc(length - picture.length)]),
    );
    expect(typeOf(await ask('bare/greedy.mp3'))).toBe('no-thumbnail');
  });
});

describe('a thumbnail of sound, films and folders', () => {
  it.each(['song.mp3', 'song.flac', 'song.m4a', 'song.opus', 'film.mkv'])(
    'is the picture in the tags of %s, and the report says so',
    async (name) => {
      const { colour, width } = await lookAt(await ask(`bare/${name}`));
      expect([colour, width]).toEqual(['green', 320]);
      const { json } = await playhead.http.get(`/api/v1/inspections/bare/${name}`);
      expect(json).toMatchObject({
        metadata: { cover: { mediaType: 'image/jpeg' } },
        links: { thumbnail: `/api/v1/thumbnails/bare/${name}` },
      });
    },
  );

  it.each([
    ['album/plain.mp3', 'red'],
    ['films/film.mp4', 'red'],
  ])('of %s is a picture beside it', async (name, colour) => {
    expect(await lookAt(await ask(name))).toMatchObject({ colour });
    const { json } = await playhead.http.get(`/api/v1/inspections/${name}`);
    expect(json.links).toMatchObject({ thumbnail: `/api/v1/thumbnails/${name}` });
  });

  it('of a folder is its cover or poster', async () => {
    expect(await lookAt(await ask('album'))).toMatchObject({ colour: 'red' });
    expect(await lookAt(await ask('posters/'))).toMatchObject({ colour: 'blue' });
  });

  it.each(['bare', 'bare/silent.mp3', 'films/other.mp4', 'notes.txt'])(
    'of %s there is none',
    async (name) => {
      const reply = await ask(name);
      expect([reply.status, typeOf(reply)]).toEqual([404, 'no-thumbnail']);
    },
  );

  it('is not announced where there is none', async () => {
    for (const name of ['bare/silent.mp3', 'films/other.mp4']) {
      const { json } = await playhead.http.get(`/api/v1/inspections/${name}`);
      expect(json.links).not.toHaveProperty('thumbnail');
    }
    const entry = async (name: string) => (await playhead.http.get(`/api/v1/entries/${name}`)).json.links;
    expect(await entry('pictures/split.avif')).toMatchObject({
      thumbnail: '/api/v1/thumbnails/pictures/split.avif',
    });
    expect(await entry('hostile/drawing.svg')).not.toHaveProperty('thumbnail');
    expect(await entry('films/film.mp4')).not.toHaveProperty('thumbnail');
  });

  it.each(['nothing.jpg', 'pictures/split.jpg/', '.hidden.jpg'])('of %s: there is nothing', async (name) => {
    expect(typeOf(await ask(name))).toBe('not-found');
  });
});

describe('who may see a thumbnail', () => {
  const links = (name: string, prefix = '', who = {}) =>
    playhead.http.get(`${prefix}/api/v1/inspections/${name}`, who).then(({ json }) => json.links);

  it('is who may read what it is of', async () => {
    expect((await ask('closed/photo.jpg')).status).toBe(401);
    expect(await lookAt(await ask('closed/photo.jpg', 320, ALICE))).toMatchObject({ colour: 'blue' });
    // It is kept by now, and still not for everybody.
    expect((await ask('closed/photo.jpg')).status).toBe(401);
  });

  it('is who may read the picture beside it', async () => {
    expect(await lookAt(await ask('guarded/film.mp4', 320, ALICE))).toMatchObject({ colour: 'blue' });
    expect(typeOf(await ask('guarded/film.mp4', 320, BOB))).toBe('no-thumbnail');
    expect(await links('guarded/film.mp4', '', ALICE)).toHaveProperty('thumbnail');
    expect(await links('guarded/film.mp4', '', BOB)).not.toHaveProperty('thumbnail');
  });

  it('is who has a link: to one file what is in it, to a folder what is beside it too', async () => {
    const prefixOf = async (name: string) => {
      const headers = { ...ALICE, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ path: name });
      const { json } = await playhead.http.send('/api/v1/links', { method: 'POST', headers, body });
      return new URL(String(json.prefix ?? json.url), playhead.url).pathname.split('/').slice(0, 3).join('/');
    };
    const song = await prefixOf('bare/song.mp3');
    const reply = await playhead.http.get(`${song}/api/v1/thumbnails/bare/song.mp3`);
    expect(await lookAt(reply)).toMatchObject({ colour: 'green' });
    expect(reply.headers['cache-control']).toBe('private, no-cache, no-transform');
    expect(await links('bare/song.mp3', song)).toMatchObject({
      thumbnail: `${song}/api/v1/thumbnails/bare/song.mp3`,
    });
    const film = await prefixOf('films/film.mp4');
    expect(typeOf(await playhead.http.get(`${film}/api/v1/thumbnails/films/film.mp4`))).toBe('no-thumbnail');
    expect(typeOf(await playhead.http.get(`${film}/api/v1/thumbnails/films/film-poster.jpg`))).toBe(
      'link-invalid',
    );
    expect(await links('films/film.mp4', film)).not.toHaveProperty('thumbnail');
    const films = await prefixOf('films');
    expect(await lookAt(await playhead.http.get(`${films}/api/v1/thumbnails/films/film.mp4`))).toMatchObject({
      colour: 'red',
    });
  });
});

describe('thumbnails that are kept', () => {
  const kept = async (folder: string) =>
    (await readdir(path.join(folder, 'thumbnails'))).filter((name) => name.endsWith('.webp'));

  it('survive a restart, and half a file is never sent', async () => {
    const { body } = await ask('pictures/split.jpg', 640);
    const own = await makeFolder();
    const first = await start({ stateDir: own });
    expect((await pageOf(first).ask('pictures/split.jpg', 640)).body.equals(body)).toBe(true);
    await first.close();
    const [name] = await kept(own);
    // Another picture in the same file: what is sent is what is kept.
    const other = await plain(GREEN).webp().toBuffer();
    await writeFile(path.join(own, 'thumbnails', name!), other);
    const second = await start({ stateDir: own });
    expect((await pageOf(second).ask('pictures/split.jpg', 640)).body.equals(other)).toBe(true);
    await second.close();
    await truncate(path.join(own, 'thumbnails', name!), other.length - 1);
    const third = await start({ stateDir: own });
    expect((await pageOf(third).ask('pictures/split.jpg', 640)).body.equals(body)).toBe(true);
    await third.close();
    expect(await kept(own)).toEqual([name]);
    await rm(own, { recursive: true });
  });

  it('are written down before the server has ended, or not at all', async () => {
    const own = await makeFolder();
    await writeFile(at('pictures/slow.png'), emptyPng(9600));
    const ended = await start({ stateDir: own });
    await lookAt(await pageOf(ended).ask('pictures/split.jpg'));
    const gone = new AbortController();
    const asked = fetch(`${ended.url}/api/v1/thumbnails/pictures/slow.png`, { signal: gone.signal });
    await setTimeout(20);
    gone.abort();
    await asked.catch(() => undefined);
    await ended.close();
    const before = await readdir(path.join(own, 'thumbnails'));
    await setTimeout(1500);
    expect(await readdir(path.join(own, 'thumbnails'))).toEqual(before);
    await rm(own, { recursive: true });
  });

  it('take no more room than they may', async () => {
    const own = await makeFolder();
    const small = await start({ stateDir: own, thumbnailCache: 8192 });
    for (const extension of ['jpg', 'png', 'webp', 'gif'])
      await lookAt(await pageOf(small).ask(`pictures/split.${extension}`));
    await small.close();
    expect((await kept(own)).length).toBe(2);
    expect(await DiskThumbnails.open(path.join(own, 'thumbnails'), 8192)).toBeDefined();
    await rm(own, { recursive: true });
  });

  it('leave nothing in a folder that nothing may be written in', async () => {
    const before = await readdir(root);
    const reader = await start({ stateDir: null, users: [] });
    await lookAt(await pageOf(reader).ask('pictures/split.jpg'));
    await reader.close();
    expect(await readdir(root)).toEqual(before);
  });
});

describe('many at once', () => {
  it('are all made, whoever goes away meanwhile', async () => {
    for (let index = 0; index < 12; index++)
      await plain(index % 2 ? RED : BLUE, 2000, 2000)
        .png()
        .toFile(at(`pictures/many${index}.png`));
    const { url } = pageOf(playhead);
    for (let index = 0; index < 12; index++) {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.write(rawGet(url(`pictures/many${index}.png`, 640)), () => socket.destroy());
    }
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) => ask(`pictures/many${index % 12}.png`, 160)),
    );
    const colours = await Promise.all(replies.map(async (reply) => (await lookAt(reply)).colour));
    expect(colours).toEqual(Array.from({ length: 24 }, (_, index) => (index % 2 ? 'red' : 'blue')));
    expect(playhead.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
