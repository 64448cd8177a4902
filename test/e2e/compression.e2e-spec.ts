import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contentOf, type Reply } from '../support/http-client.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange } from '../support/raw-socket.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const MANY = '/api/v1/entries/many';
const ALICE = basic('alice', 'right');
const EVERY = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };

/** The fields of an answer that do not change from one second to the next. */
function fieldsOf({ headers: { date: _, ...fields } }: Reply) {
  return fields;
}

describe('compression', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ users: [user('alice', 'right', '/:a')] });
    const at = (name: string) => path.join(playhead.root, name);
    mkdirSync(at('many'));
    for (let index = 0; index < 300; index++) writeFileSync(at(`many/Lied ${index} für dich.mp3`), '');
    writeFileSync(at('text.txt'), 'text '.repeat(1000));
    writeFileSync(at('list.json'), JSON.stringify(Array.from({ length: 1000 }, (_, index) => index)));
    cpSync(path.join(SAMPLES, 'video/mp4-moov-last.mp4'), at('film.mp4'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  afterAll(() => playhead.close());
  const get = (url: string, headers = {}) => playhead.http.get(url, headers);

  it.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['gzip, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['zstd', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of a listing to who accepts %s is %s, and leads to the same', async (accepted, coding) => {
    const plain = await get(MANY);
    const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted };
    const reply = await get(MANY, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-encoding']).toBe(coding);
    expect(reply.headers.vary).toBe('Accept-Language, Accept-Encoding');
    expect(contentOf(reply).equals(plain.body)).toBe(true);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    if (coding === undefined) expect(reply.headers['content-length']).toBe(String(plain.body.length));
    else expect(reply.body.length).toBeLessThan(plain.body.length / 5);
  });

  it.each([
    MANY,
    '/api/v1/entries/text.txt',
    '/api/v1/inspections/film.mp4',
    '/problems',
    '/problems/not-found',
  ])('of HEAD %s is that of GET', async (url) => {
    for (const headers of [EVERY, { 'Accept-Encoding': 'gzip' }, {}]) {
      const [whole, head] = [await get(url, headers), await playhead.http.head(url, headers)];
      const { 'transfer-encoding': _, ...fields } = fieldsOf(whole);
      expect(fieldsOf(head)).toEqual(fields);
      expect(head.body).toHaveLength(0);
      expect(head.headers.vary).toMatch(/Accept-Encoding$/);
    }
  });

  it('is of inspections, of pages about problems, and of answers to many changes, however one may have come', async () => {
    const { json } = await playhead.http.send('/api/v1/links', {
      method: 'POST',
      headers: { ...ALICE, 'Content-Type': 'application/json' },
      body: JSON.stringify({ path: 'many' }),
    });
    for (const url of ['/api/v1/inspections/film.mp4', '/problems', `${String(json.prefix)}${MANY}`]) {
      const reply = await get(url, EVERY);
      expect(reply.headers['content-encoding']).toBe('br');
      expect(contentOf(reply).toString()).toBe((await get(url)).text);
    }
    const operations = Array.from({ length: 20 }, (_, index) => ({ op: 'makeFolder', path: `new/${index}` }));
    const changed = await playhead.http.send('/api/v1/entries', {
      method: 'POST',
      headers: { ...ALICE, ...EVERY, 'Content-Type': 'application/json' },
      body: JSON.stringify({ operations }),
    });
    expect(changed.headers['content-encoding']).toBe('br');
    expect(JSON.parse(contentOf(changed).toString())).toMatchObject({
      results: operations.map(() => ({ status: 201 })),
    });
  });

  it('is not of what is short, which says that it could be', async () => {
    const reply = await get('/api/v1/entries/text.txt', EVERY);
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    expect(reply.headers.vary).toBe('Accept-Language, Accept-Encoding');
  });

  it.each([
    ['/files/text.txt', 200],
    ['/files/list.json', 200],
    ['/stream/film.mp4', 200],
    ['/api/v1/archives/many', 200],
    ['/api/v1/archives/many?format=tar', 400],
    ['/api/v1/events', 200],
    ['/api/v1/playlists/many/playlist.m3u8', 200],
    ['/api/v1/session', 200],
    ['/api/v1/links', 200],
    ['/api/v1/entries/missing', 404],
    ['/openapi.yaml', 200],
    ['/docs', 200],
    ['/docs/assets/swagger-ui.css', 200],
    ['/metrics', 200],
    ['/health/ready', 200],
  ])('is not of %s', async (url, status) => {
    const [plain, reply] = [await get(url, ALICE), await get(url, { ...ALICE, ...EVERY })];
    expect(reply.status).toBe(status);
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.headers.vary ?? '').not.toMatch(/encoding/i);
    expect([reply.headers.etag, reply.headers['accept-ranges']]).toEqual([
      plain.headers.etag,
      plain.headers['accept-ranges'],
    ]);
  });

  it('leaves ranges and tags of files as they are', async () => {
    const part = await get('/files/text.txt', { ...EVERY, Range: 'bytes=0-3' });
    expect([part.status, part.text, part.headers['content-length']]).toEqual([206, 'text', '4']);
    const { status } = await get('/files/text.txt', { ...EVERY, 'If-None-Match': part.headers.etag });
    expect(status).toBe(304);
  });

  it('makes no tag for what has none', async () => {
    const { headers } = await get(MANY, EVERY);
    expect(headers).not.toHaveProperty('etag');
    const since = { 'If-None-Match': '"any"', 'If-Modified-Since': new Date().toUTCString() };
    expect((await get(MANY, { ...EVERY, ...since })).status).toBe(200);
  });

  it('ends where the answer does, on a connection that goes on and for HTTP/1.0', async () => {
    const field = 'Host: localhost\r\nAccept-Encoding: gzip\r\n';
    const { text: received } = await exchange(
      playhead.port,
      `HEAD ${MANY} HTTP/1.1\r\n${field}\r\nGET ${MANY} HTTP/1.1\r\n${field}\r\nGET /health/live HTTP/1.1\r\n${field}Connection: close\r\n\r\n`,
    );
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(received.match(/Content-Encoding: gzip/g)).toHaveLength(2);
    expect(received).toMatch(/\{"status":"ok"\}$/);
    const { text: old } = await exchange(playhead.port, `GET ${MANY} HTTP/1.0\r\n${field}\r\n`);
    expect(old).toMatch(/Content-Encoding: gzip/);
    expect(old).not.toMatch(/Transfer-Encoding/);
  });

  it('goes with CORS', async () => {
    const open = await startPlayhead({ root: playhead.root, cors: ['https://player.example'] });
    try {
      const reply = await open.http.get(MANY, { ...EVERY, Origin: 'https://player.example' });
      expect(reply.headers['content-encoding']).toBe('br');
      expect(reply.headers.vary).toBe('Origin, Accept-Language, Accept-Encoding');
    } finally {
      await open.close();
    }
  });
});
