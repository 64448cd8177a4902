import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer, Reflector } from '@nestjs/core';
import type { Express } from 'express';
import { Requires } from '../../src/auth/requires.decorator.js';
import { routesOf } from '../../src/server/route-table.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { exchange } from '../support/raw-socket.js';
import { leftoversOf } from '../support/storage/leftovers.js';
import { basic, user } from '../support/users.js';

const ALICE = basic('alice', 'right');
const AUTH = `Authorization: ${ALICE.Authorization}`;
const SAFE = ['GET', 'HEAD'];
const LIMIT = 200_000;

let playhead: Playhead;
beforeAll(async () => {
  playhead = await startPlayhead({
    users: [user('alice', 'right', '/:rwda')],
    maxUploadSize: LIMIT,
    requestTimeout: 2,
  });
  await writeFile(at('f'), 'mine');
  await mkdir(at('d'));
});
afterAll(() => playhead.close());
const at = (name: string) => path.join(playhead.root, name);
const head = (...lines: string[]) => [...lines, '', ''].join('\r\n');
const statuses = (text: string) => text.match(/HTTP\/1\.1 \d{3}/g)?.map((line) => Number(line.slice(9)));

/** Each method of each route of the running application, with its parameters filled in. */
function allRoutes(): { readonly method: string; readonly url: string }[] {
  const app = playhead.app.getHttpAdapter().getInstance() as Express;
  return routesOf(app).flatMap(({ path: template, methods }) =>
    methods.map((method) => ({
      method,
      url: template
        .replace(/\*\w+/g, 'f')
        .replace(/:format/g, 'm3u8')
        .replace(/:\w+/g, 'x'),
    })),
  );
}

describe('every route', () => {
  it('says what it requires', () => {
    const reflector = playhead.app.get(Reflector);
    const undeclared: string[] = [];
    let count = 0;
    for (const module of playhead.app.get(ModulesContainer).values())
      for (const { metatype } of module.controllers.values()) {
        const { prototype, name } = metatype as { prototype: Record<string, unknown>; name: string };
        for (const member of Object.getOwnPropertyNames(prototype)) {
          const handler = prototype[member] as () => unknown;
          if (typeof handler !== 'function' || Reflect.getMetadata(METHOD_METADATA, handler) === undefined)
            continue;
          count++;
          if (reflector.getAllAndOverride(Requires, [handler, metatype as never]) === undefined)
            undeclared.push(`${name}.${member}`);
        }
      }
    expect(undeclared).toEqual([]);
    expect(count).toBeGreaterThan(30);
  });

  it('that changes something refuses pages of other sites, whoever is logged in', async () => {
    const login = await playhead.http.send('/api/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'alice', password: 'right' }),
    });
    const Cookie = String(login.headers['set-cookie']).split(';')[0]!;
    const unsafe = allRoutes().filter(({ method }) => !SAFE.includes(method));
    expect(unsafe.length).toBeGreaterThan(15);
    const origins: OutgoingHttpHeaders[] = [
      { Cookie, 'Sec-Fetch-Site': 'cross-site' },
      { Cookie, 'Sec-Fetch-Site': 'same-site' },
      { Cookie, Origin: 'https://evil.example' },
      { Cookie, Origin: 'null' },
      { Cookie },
      { ...ALICE, Origin: 'https://evil.example' },
      { Origin: 'https://evil.example' },
    ];
    for (const { method, url } of unsafe)
      for (const headers of origins) {
        // Logging in needs no cookie, and takes none.
        if (url === '/api/v1/session' && method === 'POST' && headers.Origin === undefined) {
          if (headers['Sec-Fetch-Site'] === undefined) continue;
        }
        const reply = await playhead.http.send(url, { method, headers });
        expect({ method, url, headers, status: reply.status, type: reply.json.type }).toMatchObject({
          status: 403,
          type: '/problems/cross-site-request',
        });
      }
    expect(await readFile(at('f'), 'utf8')).toBe('mine');
  });

  it('that changes something is closed to links, by whatever method', async () => {
    const { json } = await playhead.http.send('/api/v1/links', {
      method: 'POST',
      headers: { ...ALICE, 'Content-Type': 'application/json' },
      body: '{"path":""}',
    });
    const prefix = String(json.prefix);
    for (const { method, url } of allRoutes())
      if (!SAFE.includes(method))
        for (const override of ['PUT', 'PATCH', 'DELETE']) {
          const { text } = await exchange(
            playhead.port,
            head(
              `${method} ${prefix}${url} HTTP/1.1`,
              'Host: localhost',
              AUTH,
              `X-HTTP-Method-Override: ${override}`,
              'Tus-Resumable: 1.0.0',
              'Connection: close',
            ),
          );
          expect([method, url, statuses(text)]).toEqual([method, url, [expect.any(Number)]]);
          expect([404, 405]).toContain(statuses(text)![0]);
        }
    for (const url of [
      '/api/v1/trash',
      '/api/v1/uploads',
      '/api/v1/events',
      '/api/v1/links',
      '/api/v1/session',
    ])
      expect((await playhead.http.get(prefix + url)).status).toBe(404);
    expect(await readFile(at('f'), 'utf8')).toBe('mine');
  });

  it('slows down who guesses passwords by Basic', async () => {
    const guarded = await startPlayhead({ users: [user('alice', 'right', '/:rwda')] });
    try {
      for (let guess = 0; guess < 10; guess++)
        expect((await guarded.http.get('/api/v1/session', basic('alice', `wrong ${guess}`))).status).toBe(
          401,
        );
      const open = new Set<string>();
      for (const { method, url } of allRoutes()) {
        const { text } = await exchange(
          guarded.port,
          head(`${method} ${url} HTTP/1.1`, 'Host: localhost', AUTH, 'Connection: close'),
        );
        if (statuses(text)![0] !== 429) open.add(url);
      }
      // What is about no file, the web page, which holds none, and the login by a form, which counts by itself.
      for (const url of open)
        expect(url).toMatch(
          /^\/(?:$|health|docs|openapi|problems|metrics|api\/v1\/(?:session|link$)|(?:browse|assets)(?:$|\/)|(?:trash|links|login)$|favicon\.)/,
        );
    } finally {
      await guarded.close();
    }
  });
});

describe('a body that holds a request', () => {
  const inner = head('PUT /files/smuggled HTTP/1.1', 'Host: localhost', AUTH, 'Content-Length: 4') + 'evil';
  const chunked = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
  const last = head('GET /files/f HTTP/1.1', 'Host: localhost', AUTH, 'Connection: close');

  it.each([
    ['PUT by nobody', 'PUT /files/a', [], 401],
    ['PUT of another site', 'PUT /files/a', [AUTH, 'Origin: https://evil.example'], 403],
    ['PUT to a folder', 'PUT /files/a/', [AUTH], 409],
    ['PUT of a part', 'PUT /files/a', [AUTH, 'Content-Range: bytes 0-1/2'], 400],
    ['PUT by a link', 'PUT /l/x/files/a', [AUTH], 405],
    ['PUT to a hidden name', 'PUT /files/.a', [AUTH], 400],
    ['POST of no form', 'POST /files/d/', [AUTH], 415],
    ['PATCH to no upload', 'PATCH /api/v1/uploads/x', [AUTH, 'Tus-Resumable: 1.0.0'], 400],
    ['POST of an upload without a version', 'POST /api/v1/uploads', [AUTH], 412],
    ['POST of no JSON', 'POST /api/v1/entries', [AUTH], 400],
    ['DELETE', 'DELETE /files/nothing', [AUTH], 404],
    ['GET', 'GET /files/nothing', [AUTH], 404],
    ['OPTIONS', 'OPTIONS /files/f', [AUTH], 204],
    ['an upgrade', 'GET /files/nothing', [AUTH, 'Connection: Upgrade', 'Upgrade: h2c'], 404],
  ])('is never read as one: %s', async (_, line, fields, status) => {
    const bodies: [string, string][] = [
      [`Content-Length: ${inner.length}`, inner],
      ['Transfer-Encoding: chunked', chunked],
    ];
    for (const [framing, body] of bodies)
      for (const expects of [[], ['Expect: 100-continue']]) {
        const request = head(`${line} HTTP/1.1`, 'Host: localhost', ...fields, framing, ...expects) + body;
        const { text } = await exchange(playhead.port, request + last, { ms: 3000 });
        const [first, ...others] = statuses(text)!.filter((each) => each !== 100);
        expect(first).toBe(status);
        // The request behind the body is answered, or the connection has ended.
        expect([[200], []]).toContainEqual(others);
        expect(await readdir(playhead.root)).not.toContain('smuggled');
      }
  });

  it('is stored as it is, and what follows is the next request', async () => {
    const put = head(
      'PUT /files/stored HTTP/1.1',
      'Host: localhost',
      AUTH,
      `Content-Length: ${inner.length}`,
    );
    const { text } = await exchange(playhead.port, put + inner + last);
    expect(statuses(text)).toEqual([201, 200]);
    expect(await readFile(at('stored'), 'utf8')).toBe(inner);
    expect(await readdir(playhead.root)).not.toContain('smuggled');
  });

  it.each([
    ['both framings', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['both framings, turned', ['Transfer-Encoding: chunked', 'Content-Length: 4']],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5']],
    ['a length with a sign', ['Content-Length: +4']],
    ['a length in hexadecimal', ['Content-Length: 0x4']],
    ['a coding that hides', ['Transfer-Encoding: chunked, identity']],
    ['a coding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['a blank before the colon', ['Transfer-Encoding : chunked', 'Content-Length: 4']],
    ['a tab for a coding', ['Transfer-Encoding:\x0bchunked', 'Content-Length: 4']],
  ])('is refused where its end is in doubt: %s', async (_, framing) => {
    const request = head('PUT /files/doubtful HTTP/1.1', 'Host: localhost', AUTH, ...framing);
    const { text, closed } = await exchange(playhead.port, `${request}0\r\n\r\n${inner}`);
    expect(statuses(text)).toHaveLength(1);
    expect([400, 501]).toContain(statuses(text)![0]);
    expect(closed).toBe(true);
    const names = await readdir(playhead.root);
    expect(names).not.toContain('smuggled');
    expect(names).not.toContain('doubtful');
  });
});

describe('names in header fields and lines', () => {
  const NAME = 'a\r\nSet-Cookie: evil=1\r\n\r\n"\u202e\u009b\u2028é.mp3';
  const URL_NAME = encodeURIComponent(NAME);
  const send = (method: string, url: string, headers: OutgoingHttpHeaders = {}, body = '') =>
    playhead.http.send(url, { method, headers: { ...ALICE, ...headers }, body });

  it('end no line', async () => {
    const put = await send('PUT', `/files/d/${URL_NAME}`, {}, 'x');
    expect(put.status).toBe(201);
    const upload = await send(
      'POST',
      '/api/v1/uploads',
      {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': 1,
        'Upload-Metadata': `path ${Buffer.from(`up${NAME}`).toString('base64')}`,
        'Content-Type': 'application/offset+octet-stream',
      },
      'x',
    );
    const copy = await send(
      'POST',
      `/api/v1/entries/copy${URL_NAME}`,
      { 'Content-Type': 'application/json' },
      JSON.stringify({ copyFrom: `d/${NAME}` }),
    );
    const replies = [
      put,
      upload,
      copy,
      await send('GET', `/files/d/${URL_NAME}`),
      await send('GET', `/files/d/${URL_NAME}?download`),
      await send('GET', '/api/v1/archives/d'),
      await send('GET', '/api/v1/playlists/d/playlist.m3u8'),
      await send('HEAD', String(upload.headers.location), { 'Tus-Resumable': '1.0.0' }),
    ];
    for (const { status, headers } of replies) {
      expect(status).toBeLessThan(300);
      expect(headers['set-cookie']).toBeUndefined();
      expect(JSON.stringify(headers)).not.toMatch(/\\r|\\n|\u202e/);
    }
    const [, , , , , archive, playlist] = replies;
    expect(archive!.body.includes(Buffer.from(`d/${NAME}`))).toBe(true);
    expect(playlist!.text.split('\n').filter((line) => line !== '' && !/^(?:#|http)/.test(line))).toEqual([]);
    expect(playlist!.text).not.toMatch(/^Set-Cookie/m);
  });
});

describe('names in the log', () => {
  it('make no lines of their own, for people to read either', async () => {
    const folder = await makeFolder();
    const server = PlayheadProcess.start([folder, '--write', '--port', '0', '--log-format', 'pretty']);
    try {
      const { port } = await server.listening();
      const name = encodeURIComponent('a\n[12:00:00] INFO: root: delete everything done\u001b[2J\u202e');
      const { text } = await exchange(
        port,
        head(`PUT /files/${name} HTTP/1.1`, 'Host: localhost', 'Content-Length: 1', 'Connection: close') +
          'x',
      );
      expect(statuses(text)).toEqual([201]);
      for (let wait = 0; wait < 50 && !server.stderr.includes('everything'); wait++) await sleep(20);
      const lines = server.stderr.split('\n').filter((line) => line.includes('everything done'));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).not.toMatch(/^\[12:00:00\]/);
        // eslint-disable-next-line no-control-regex -- what a terminal would do
        expect(line).not.toMatch(/\u001b\[2J|\u202e/);
      }
    } finally {
      await server.kill();
      await rm(folder, { recursive: true });
    }
  });
});

describe('what is sent without end', () => {
  it('is asked for once, and of nobody who does not know how (RFC 9110 §10.1.1)', async () => {
    for (const [version, count] of [
      ['1.1', 1],
      ['1.0', 0],
    ] as const) {
      const request = head(
        `POST /api/v1/uploads HTTP/${version}`,
        'Host: localhost',
        AUTH,
        'Tus-Resumable: 1.0.0',
        'Upload-Length: 9',
        `Upload-Metadata: path ${Buffer.from(`asked ${version}`).toString('base64')}`,
        'Content-Type: application/offset+octet-stream',
        'Content-Length: 3',
        'Expect: 100-continue',
      );
      const { text } = await exchange(playhead.port, `${request}abc`, { ms: 300 });
      expect(statuses(text)).toEqual([...Array<number>(count).fill(100), 201]);
    }
  });

  it('are not more uploads than there may be, however many begin at once', async () => {
    const create = (name: string) =>
      playhead.http.send('/api/v1/uploads', {
        method: 'POST',
        headers: {
          ...ALICE,
          'Tus-Resumable': '1.0.0',
          'Upload-Length': 1,
          'Upload-Metadata': `path ${Buffer.from(name).toString('base64')}`,
        },
      });
    const { headers } = await create('first');
    const prefix = headers.location!.split('/').at(-1)!.split('-')[0]!;
    const folder = at('.playhead/uploads');
    const fill = Array.from(
      { length: 990 },
      (_, n) => `${folder}/${prefix}-${String(n).padStart(32, '0')}.json`,
    );
    try {
      for (const file of fill) await writeFile(file, '{}');
      await Promise.all(Array.from({ length: 40 }, (_, n) => create(`many-${n}`)));
      const count = (await readdir(folder)).filter((name) => name.endsWith('.json')).length;
      expect(count).toBeGreaterThan(990);
      expect(count).toBeLessThanOrEqual(1000);
    } finally {
      for (const file of fill) await rm(file);
    }
  });

  it('is cut off at the limit for a file, in chunks too, and leaves nothing', async () => {
    for (const [line, ...fields] of [
      ['PUT /files/endless'],
      [
        'POST /api/v1/uploads',
        'Tus-Resumable: 1.0.0',
        'Upload-Defer-Length: 1',
        'Upload-Metadata: path ZW5kbGVzcw==',
        'Content-Type: application/offset+octet-stream',
      ],
    ]) {
      const socket = net.connect(playhead.port, '127.0.0.1');
      socket.on('error', () => undefined);
      let text = '';
      socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
      socket.write(
        head(`${line} HTTP/1.1`, 'Host: localhost', AUTH, 'Transfer-Encoding: chunked', ...fields),
      );
      for (let sent = 0; sent < 10 * LIMIT && text === ''; sent += 10_000) {
        socket.write(`2710\r\n${'x'.repeat(10_000)}\r\n`);
        await sleep(2);
      }
      await sleep(50);
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    }
    expect(await readdir(playhead.root)).not.toContain('endless');
    expect(await leftoversOf(playhead.root)).toEqual([]);
  });

  it('is no form of more than 10,000 files', async () => {
    // Each fails at once: it is the number that is tried.
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="../f"\r\n\r\n\r\n';
    const { status, json } = await playhead.http.send('/files/d/', {
      method: 'POST',
      headers: { ...ALICE, 'Content-Type': 'multipart/form-data; boundary=b' },
      body: `${part.repeat(12_000)}--b--`,
    });
    expect(status).toBe(207);
    const files = json.files as { readonly problem: { readonly status: number } }[];
    expect(files).toHaveLength(10_001);
    expect(files.at(-1)!.problem.status).toBe(413);
  });

  it('is no JSON: neither long nor deep', async () => {
    const deep = '['.repeat(4000) + ']'.repeat(4000);
    for (const { method, url } of allRoutes().filter((route) => !SAFE.includes(route.method)))
      for (const body of [
        deep,
        `{"path":${deep}}`,
        `{"operations":[${deep}]}`,
        `{"path":"${'x'.repeat(2 ** 21)}"}`,
      ]) {
        const reply = await playhead.http
          .send(url, {
            method,
            headers: {
              ...ALICE,
              'Content-Type': 'application/json',
              ...(url.startsWith('/files') && { 'Content-Range': 'x' }),
            },
            body,
          })
          .catch((error: NodeJS.ErrnoException) => ({ status: 0, text: String(error.code) }));
        expect({ method, url, body: body.slice(0, 20), isFault: reply.status >= 500 }).toMatchObject({
          isFault: false,
        });
        await writeFile(at('f'), 'mine');
      }
  });

  it('leaves neither files nor descriptors behind when it is broken off, 1,000 times', async () => {
    const create = await playhead.http.send('/api/v1/uploads', {
      method: 'POST',
      headers: {
        ...ALICE,
        'Tus-Resumable': '1.0.0',
        'Upload-Length': 150_000,
        'Upload-Metadata': `path ${Buffer.from('never').toString('base64')}`,
      },
    });
    const requests = [
      head('PUT /files/broken HTTP/1.1', 'Host: localhost', AUTH, 'Content-Length: 100000'),
      head(
        'POST /files/ HTTP/1.1',
        'Host: localhost',
        AUTH,
        'Content-Type: multipart/form-data; boundary=b',
        'Content-Length: 100000',
      ) + '--b\r\nContent-Disposition: form-data; name="f"; filename="broken"\r\n\r\n',
      head(
        `PATCH ${create.headers.location} HTTP/1.1`,
        'Host: localhost',
        AUTH,
        'Tus-Resumable: 1.0.0',
        'Upload-Offset: 0',
        'Content-Type: application/offset+octet-stream',
        'Content-Length: 100000',
        'Upload-Checksum: sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      ),
    ];
    const before = await openFiles();
    const breakOff = (request: string, round: number) =>
      new Promise<void>((resolve) => {
        const socket = net.connect(playhead.port, '127.0.0.1', () => {
          socket.write(request + 'x'.repeat(round % 2 === 0 ? 5000 : 70_000));
          setTimeout(() => (round % 3 === 0 ? socket.destroy() : socket.resetAndDestroy()), round % 12);
        });
        socket.on('error', () => undefined).on('close', () => resolve());
      });
    for (let round = 0; round < 1000; round += 50)
      await Promise.all(Array.from({ length: 50 }, (_, n) => breakOff(requests[n % 3]!, round + n)));
    for (let wait = 0; wait < 60 && (await leftoversOf(playhead.root)).length > 0; wait++) await sleep(100);
    expect(await leftoversOf(playhead.root)).toEqual([]);
    expect(await readdir(playhead.root)).not.toContain('broken');
    await sleep(500);
    expect((await openFiles()).length - before.length).toBeLessThan(5);
  });
});

/** What the descriptors of this process lead to below the root. */
async function openFiles(): Promise<string[]> {
  const names = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return names.filter((name) => name.startsWith(playhead.root));
}
