import { cp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { encodeText } from '../support/encode-text.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';
import { readStrictly } from '../support/strict-webvtt.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
const BOB = basic('bob', 'builder');
const CUE = '1\n00:00:01,000 --> 00:00:02,000\nHello\n';
const CHINESE = '你好，我的朋友。我们今天要去哪里？';

/** Empty films, and subtitles of one cue. */
const TREE = [
  'one/Movie.mp4',
  'one/Movie.srt',
  'one/movie.en.SRT',
  'one/Movie.English.sdh.srt',
  'one/Movie.ger.forced.ass',
  'one/Movie.zh-Hans.default.vtt',
  'one/Movie.chs.srt',
  'one/Movie.简体.srt',
  'one/Movie.pt-br.Commentary by nobody.ssa',
  'one/Movie_Español.srt',
  'one/Movie.hi.srt',
  'one/Movie.en.hi.srt',
  'one/Movie 2.srt',
  'one/Movies.srt',
  'one/.Movie.fr.srt',
  'one/Movie.txt',
  'one/SUBS/2_English.srt',
  'one/SUBS/Movie/3_French.vtt',
  'one/SUBS/Another/4_Dutch.vtt',
  'one/subtitles/Whatever.2010.fra.srt',
  'many/a.mp4',
  'many/a.part 2.mp4',
  'many/a.srt',
  'many/a.part 2.de.srt',
  'many/Subs/a.it.srt',
  'many/Subs/a.part 2.it.srt',
  'many/Subs/English.srt',
  'many/Subs/A/2_English.srt',
  'many/Subs/a.part 2/2_Czech.srt',
  'music/song.mp3',
  'music/song.de.srt',
  'music/song.jpg',
  'closed/film.mp4',
  'closed/film.de.srt',
  'closed/film.secret.srt',
  'closed/other.srt',
  'closed/Subs/film.fr.srt',
  'open/film.mp4',
  'open/film.de.srt',
  'open/film.secret.srt',
];

interface Listed {
  readonly path: string;
  readonly name: string;
  readonly language: string | null;
  readonly label: string | null;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
  readonly links: { readonly webvtt: string; readonly file?: string };
}

let root: string;
let playhead: Playhead;
beforeAll(async () => {
  root = await makeFolder();
  for (const name of TREE) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), CUE);
  }
  await cp(path.join(SAMPLES, 'video/mp4-moov-first.srt'), path.join(root, 'one/sample.srt'));
  await mkdir(path.join(root, 'text'));
  await writeFile(path.join(root, 'text/gbk.srt'), encodeText(CUE.replace('Hello', CHINESE), 'gb18030'));
  await writeFile(path.join(root, 'text/large.srt'), '');
  await truncate(path.join(root, 'text/large.srt'), 8_388_609);
  await writeFile(path.join(root, 'text/Cafe\u0301.mp4'), '');
  await writeFile(path.join(root, 'text/CAFÉ.fr.srt'), CUE);
  await symlink('/etc', path.join(root, 'text/Subs'));
  playhead = await startPlayhead({
    root,
    users: [
      user('alice', 'right', '/closed:r'),
      user('bob', 'builder', '/closed:r,/closed/film.secret.srt:-'),
    ],
    rules: parseRules('/closed:-,/open/film.secret.srt:-'),
  });
});
afterAll(async () => {
  await playhead.close();
  await rm(root, { recursive: true });
});

async function list(film: string, headers: object = {}, prefix = ''): Promise<readonly Listed[]> {
  const { status, json } = await playhead.http.get(`${prefix}/api/v1/subtitles/${encodeURI(film)}`, {
    ...headers,
  });
  expect(status).toBe(200);
  expect(json.path).toBe(film);
  return json.subtitles as Listed[];
}

const pathsOf = (subtitles: readonly Listed[]) => subtitles.map((each) => each.path);

async function link(body: object, who: object = ALICE): Promise<string> {
  const { status, json } = await playhead.http.send('/api/v1/links', {
    method: 'POST',
    headers: { ...who, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(status).toBe(201);
  return json.prefix as string;
}

describe('the subtitles of a film', () => {
  it('are files beside it and in folders for them, by language', async () => {
    const rows = (await list('one/Movie.mp4')).map(
      ({ path: key, language, label, forced, hearingImpaired }) => [
        key.slice('one/'.length),
        language,
        label,
        ...(forced ? ['forced'] : []),
        ...(hearingImpaired ? ['sdh'] : []),
      ],
    );
    expect(rows).toEqual([
      ['Movie.ger.forced.ass', 'de', null, 'forced'],
      ['movie.en.SRT', 'en', null],
      ['SUBS/2_English.srt', 'en', null],
      ['Movie.en.hi.srt', 'en', null, 'sdh'],
      ['Movie.English.sdh.srt', 'en', null, 'sdh'],
      ['Movie_Español.srt', 'es', null],
      ['SUBS/Movie/3_French.vtt', 'fr', null],
      ['subtitles/Whatever.2010.fra.srt', 'fr', 'Whatever 2010'],
      ['Movie.hi.srt', 'hi', null],
      ['Movie.pt-br.Commentary by nobody.ssa', 'pt-BR', 'Commentary by nobody'],
      ['Movie.chs.srt', 'zh-Hans', null],
      ['Movie.zh-Hans.default.vtt', 'zh-Hans', null],
      ['Movie.简体.srt', 'zh-Hans', null],
      ['Movie.srt', null, null],
    ]);
  });

  it('are told whole, and every link of them works', async () => {
    const subtitles = await list('one/Movie.mp4');
    expect(subtitles[0]).toEqual({
      path: 'one/Movie.ger.forced.ass',
      name: 'Movie.ger.forced.ass',
      format: 'ass',
      language: 'de',
      label: null,
      forced: true,
      hearingImpaired: false,
      default: false,
      links: {
        webvtt: '/api/v1/webvtt/one/Movie.ger.forced.ass',
        file: '/files/one/Movie.ger.forced.ass',
      },
    });
    for (const { links } of subtitles) {
      expect((await playhead.http.get(links.webvtt)).status).toBe(200);
      expect((await playhead.http.get(links.file!)).text).toBe(CUE);
    }
    const { json } = await playhead.http.get('/api/v1/entries/one/Movie.mp4');
    expect((json.links as Record<string, string>).subtitles).toBe('/api/v1/subtitles/one/Movie.mp4');
  });

  it('are not those of another film', async () => {
    expect(pathsOf(await list('many/a.mp4'))).toEqual([
      'many/Subs/A/2_English.srt',
      'many/Subs/a.it.srt',
      'many/a.srt',
    ]);
    expect(pathsOf(await list('many/a.part 2.mp4'))).toEqual([
      'many/Subs/a.part 2/2_Czech.srt',
      'many/a.part 2.de.srt',
      'many/Subs/a.part 2.it.srt',
    ]);
  });

  it('have its name in any normal form and letter case, and no folder outside', async () => {
    expect(pathsOf(await list('text/Cafe\u0301.mp4'))).toEqual(['text/CAFÉ.fr.srt']);
  });

  it('are of sound too, and of nothing else', async () => {
    expect(pathsOf(await list('music/song.mp3'))).toEqual(['music/song.de.srt']);
    expect(await list('music/song.jpg')).toEqual([]);
    for (const target of ['one/missing.mp4', 'one', 'one/Movie.mp4/'])
      expect((await playhead.http.get(`/api/v1/subtitles/${target}`)).status).toBe(404);
  });

  it('are those that the reader may read', async () => {
    expect(pathsOf(await list('open/film.mp4'))).toEqual(['open/film.de.srt']);
    expect((await playhead.http.get('/api/v1/subtitles/closed/film.mp4')).status).toBe(401);
    expect((await playhead.http.get('/api/v1/webvtt/closed/film.de.srt')).status).toBe(401);
    const hers = await list('closed/film.mp4', ALICE);
    expect(pathsOf(hers)).toEqual([
      'closed/film.de.srt',
      'closed/Subs/film.fr.srt',
      'closed/film.secret.srt',
    ]);
    expect(pathsOf(await list('closed/film.mp4', BOB))).toEqual([
      'closed/film.de.srt',
      'closed/Subs/film.fr.srt',
    ]);
    for (const target of ['closed/film.secret.srt', 'closed/film.mp4?sidecar=closed/film.secret.srt'])
      expect((await playhead.http.get(`/api/v1/webvtt/${target}`, BOB)).status).toBe(404);
    const { headers } = await playhead.http.get('/api/v1/subtitles/closed/film.mp4', ALICE);
    expect(headers['cache-control']).toBe('private, no-cache');
  });

  it('answers HEAD', async () => {
    const { status, body } = await playhead.http.head('/api/v1/subtitles/one/Movie.mp4');
    expect([status, body.length]).toEqual([200, 0]);
  });

  it('are at most 200', async () => {
    await mkdir(path.join(root, 'lots'));
    await writeFile(path.join(root, 'lots/f.mp4'), '');
    for (let count = 0; count < 205; count++) await writeFile(path.join(root, `lots/f.${count}.srt`), '');
    expect(await list('lots/f.mp4')).toHaveLength(200);
  });
});

describe('a link', () => {
  it('to a folder opens the subtitles in it', async () => {
    const prefix = await link({ path: 'closed' });
    const subtitles = await list('closed/film.mp4', {}, prefix);
    expect(subtitles.map(({ links }) => links)).toContainEqual({
      webvtt: `${prefix}/api/v1/webvtt/closed/film.de.srt`,
      file: `${prefix}/files/closed/film.de.srt`,
    });
    for (const { links } of subtitles)
      for (const target of Object.values(links)) expect((await playhead.http.get(target)).status).toBe(200);
  });

  it('to a film opens those that its maker may read, as WebVTT and as nothing else', async () => {
    const prefix = await link({ path: 'closed/film.mp4' }, BOB);
    const subtitles = await list('closed/film.mp4', {}, prefix);
    expect(pathsOf(subtitles)).toEqual(['closed/film.de.srt', 'closed/Subs/film.fr.srt']);
    expect(subtitles[1]!.links).toEqual({
      webvtt: `${prefix}/api/v1/webvtt/closed/film.mp4?sidecar=closed%2FSubs%2Ffilm.fr.srt`,
    });
    for (const { links } of subtitles) {
      const { status, text, headers } = await playhead.http.get(links.webvtt);
      expect([status, readStrictly(text)[0]!.text]).toEqual([200, 'Hello']);
      expect(headers['cache-control']).toMatch(/^private, /);
    }
    for (const sidecar of [
      'closed/film.secret.srt',
      'closed/other.srt',
      'one/Movie.srt',
      'closed/film.mp4',
      '../x',
    ])
      expect(
        (await playhead.http.get(`${prefix}/api/v1/webvtt/closed/film.mp4?sidecar=${sidecar}`)).status,
      ).toBe(404);
    for (const target of [
      '/api/v1/webvtt/closed/film.de.srt',
      '/files/closed/film.de.srt',
      '/api/v1/entries/closed/film.de.srt',
      '/api/v1/subtitles/one/Movie.mp4',
    ])
      expect((await playhead.http.get(prefix + target)).status).toBe(403);
  });

  it('for saving sends subtitles as attachments', async () => {
    const prefix = await link({ path: 'closed/film.mp4', download: true });
    const [first] = await list('closed/film.mp4', {}, prefix);
    const { headers } = await playhead.http.get(first!.links.webvtt);
    expect(headers['content-disposition']).toBe('attachment; filename="film.de.vtt"');
  });
});

describe('a subtitle file as WebVTT', () => {
  const url = '/api/v1/webvtt/one/sample.srt';

  it('is what a track element takes', async () => {
    const { status, headers, text } = await playhead.http.get(url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/vtt; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-cache, no-transform',
    });
    expect(readStrictly(text).map(({ start, text: words }) => [start, words])).toEqual([
      [0, 'The first cue'],
      [3000, 'Accents: é è ü ñ ø'],
      [6000, 'Ελληνικά, Кириллица'],
      [9000, '日本語の字幕'],
      [12_000, 'The last cue'],
    ]);
  });

  it('may be read by pages of other sites as files may', async () => {
    const server = await startPlayhead({ root, cors: ['https://player.example'] });
    const fields = { Origin: 'https://player.example' };
    const [file, track] = [
      await server.http.get('/files/one/sample.srt', fields),
      await server.http.get(url, fields),
    ];
    await server.close();
    for (const name of ['access-control-allow-origin', 'access-control-expose-headers', 'vary'])
      expect(track.headers[name]).toBe(file.headers[name]);
    expect(track.headers['access-control-allow-origin']).toBe('https://player.example');
  });

  it('is in UTF-8, whatever it was in', async () => {
    expect(readStrictly((await playhead.http.get('/api/v1/webvtt/text/gbk.srt')).text)[0]!.text).toBe(
      CHINESE,
    );
  });

  it('has a tag of its own, which changes with the file and with the offset', async () => {
    const { headers } = await playhead.http.get(url);
    const [etag, stored] = [headers.etag!, (await playhead.http.head('/files/one/sample.srt')).headers.etag];
    expect(etag).not.toBe(stored);
    expect((await playhead.http.head(url)).headers).toMatchObject({
      etag,
      'content-length': headers['content-length'],
    });
    expect((await playhead.http.get(url, { 'If-None-Match': etag })).status).toBe(304);
    expect((await playhead.http.get(`${url}?offset=1`, { 'If-None-Match': etag })).status).toBe(200);
    expect((await playhead.http.get(url, { 'If-Match': '"other"' })).status).toBe(412);
    const part = await playhead.http.get(url, { Range: 'bytes=0-5', 'If-Range': etag });
    expect([part.status, part.text]).toEqual([206, 'WEBVTT']);
    await writeFile(path.join(root, 'one/sample.srt'), CUE);
    const changed = await playhead.http.get(url, { 'If-None-Match': etag });
    expect([changed.status, readStrictly(changed.text)]).toMatchObject([200, [{ text: 'Hello' }]]);
  });

  it('is shifted by an offset', async () => {
    const at = async (offset: string) =>
      readStrictly((await playhead.http.get(`/api/v1/webvtt/one/Movie.srt?offset=${offset}`)).text).map(
        ({ start, end }) => [start, end],
      );
    expect(await at('1.5')).toEqual([[2500, 3500]]);
    expect(await at('-1.25')).toEqual([[0, 750]]);
    expect(await at('-2')).toEqual([]);
    for (const offset of ['3601', '-3601', 'x', '', '1e3', 'Infinity', '1&offset=2'])
      expect([
        offset,
        (await playhead.http.get(`/api/v1/webvtt/one/Movie.srt?offset=${offset}`)).status,
      ]).toEqual([offset, 400]);
  });

  it('is of subtitle files that are no larger than such files are', async () => {
    for (const target of ['one/Movie.txt', 'one/Movie.mp4', 'text/large.srt']) {
      const { status, json } = await playhead.http.get(`/api/v1/webvtt/${target}`);
      expect([target, status, json.type]).toEqual([target, 422, '/problems/no-subtitles']);
    }
    for (const target of ['one/missing.srt', 'one/SUBS', 'one/Movie.srt/'])
      expect((await playhead.http.get(`/api/v1/webvtt/${target}`)).status).toBe(404);
  });
});
