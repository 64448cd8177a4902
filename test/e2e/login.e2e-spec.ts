import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AppConfig } from '../../src/config/app-config.js';
import { parseRules } from '../../src/core/access/index.js';
import type { Reply } from '../support/http-client.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange } from '../support/raw-socket.js';
import { basic, user } from '../support/users.js';

const SESSION = '/api/v1/session';
const PASSWORD = 'correct hörse';

const start = async (settings: Partial<AppConfig> = {}): Promise<Playhead> => {
  const playhead = await startPlayhead({
    users: [user('alice', PASSWORD, '/private:rw'), user('bob', 'secret', '/:a')],
    rules: parseRules('/private:-'),
    ...settings,
  });
  await mkdir(path.join(playhead.root, 'private'));
  await writeFile(path.join(playhead.root, 'private/a.txt'), 'private');
  return playhead;
};

const post = ({ http }: Playhead, body: unknown, headers = {}): Promise<Reply> =>
  http.send(SESSION, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const logIn = (playhead: Playhead, headers = {}, password = PASSWORD) =>
  post(playhead, { name: 'alice', password }, headers);
const cookieOf = ({ headers }: Reply): string => headers['set-cookie']![0]!.split(';', 1)[0]!;
const read = async ({ http }: Playhead, headers: object) =>
  (await http.get('/files/private/a.txt', { ...headers })).status;
const auditOf = ({ log }: Playhead) => log.filter(({ context }) => context === 'Audit');

describe('sessions', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await start();
  });
  afterAll(() => playhead.close());

  it('begin with name and password, and end when one logs out, in the server', async () => {
    const reply = await logIn(playhead);
    expect(reply.status).toBe(200);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^playhead_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209(?:600|59\d)$/,
      ),
    ]);
    expect(reply.json).toMatchObject({
      name: 'alice',
      anonymous: false,
      permissions: ['read'],
      anywhere: ['read', 'write'],
      login: true,
    });
    const Cookie = cookieOf(reply);
    const { json } = await playhead.http.get(SESSION, { Cookie: `other=1; ${Cookie}` });
    expect(json).toEqual(reply.json);
    expect(await read(playhead, { Cookie })).toBe(200);
    expect(await read(playhead, {})).toBe(401);

    const out = await playhead.http.send(SESSION, {
      method: 'DELETE',
      headers: { Cookie, 'Sec-Fetch-Site': 'same-origin' },
    });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toEqual([expect.stringMatching(/^playhead_session=; .*Max-Age=0$/)]);
    expect(await read(playhead, { Cookie })).toBe(401);
    expect((await playhead.http.get(SESSION, { Cookie })).json).toEqual({
      name: null,
      anonymous: true,
      permissions: ['read'],
      anywhere: ['read'],
      expires: null,
      login: true,
    });
  });

  it('take no id that somebody has made up, and change it at every login', async () => {
    const planted = `playhead_session=${'A'.repeat(43)}`;
    const first = cookieOf(await logIn(playhead, { Cookie: planted, 'Sec-Fetch-Site': 'same-origin' }));
    expect(first).not.toBe(planted);
    expect(await read(playhead, { Cookie: planted })).toBe(401);
    const second = cookieOf(await logIn(playhead, { Cookie: first, 'Sec-Fetch-Site': 'same-origin' }));
    expect(second).not.toBe(first);
    expect(await read(playhead, { Cookie: first })).toBe(401);
    expect(await read(playhead, { Cookie: second })).toBe(200);
  });

  it('live beside each other', async () => {
    const [one, two] = (await Promise.all([logIn(playhead), logIn(playhead)])).map(cookieOf);
    await playhead.http.send(SESSION, {
      method: 'DELETE',
      headers: { Cookie: one, 'Sec-Fetch-Site': 'none' },
    });
    expect([await read(playhead, { Cookie: one }), await read(playhead, { Cookie: two })]).toEqual([
      401, 200,
    ]);
  });

  it('get a new id now and then, with answers of the API and never with bytes', async () => {
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    try {
      const Cookie = cookieOf(await logIn(playhead));
      const setCookieOf = async (url: string, cookie: string) => {
        const { status, headers } = await playhead.http.get(url, { Cookie: cookie });
        expect(status).toBe(200);
        return headers['set-cookie']?.[0];
      };
      expect(await setCookieOf('/api/v1/entries/', Cookie)).toBeUndefined();
      clock.mockImplementation(() => now + 20 * 60_000);
      expect(await setCookieOf('/files/private/a.txt', Cookie)).toBeUndefined();
      const offered = await setCookieOf('/api/v1/entries/', Cookie);
      expect(offered).toMatch(/^playhead_session=[\w-]{43}; .*Max-Age=1208\d{3}$/);
      const next = offered!.split(';', 1)[0]!;
      expect(next).not.toBe(Cookie);
      expect([await read(playhead, { Cookie: next }), await read(playhead, { Cookie })]).toEqual([200, 200]);
      clock.mockImplementation(() => now + 22 * 60_000);
      expect([await read(playhead, { Cookie: next }), await read(playhead, { Cookie })]).toEqual([200, 401]);
      clock.mockImplementation(() => now + 15 * 86_400_000);
      expect(await read(playhead, { Cookie: next })).toBe(401);
    } finally {
      clock.mockRestore();
    }
  });

  it('count before Basic, and Basic counts without them', async () => {
    const Cookie = cookieOf(await logIn(playhead));
    const named = async (headers: object) => (await playhead.http.get(SESSION, { ...headers })).json.name;
    expect(await named({ Cookie, ...basic('bob', 'secret') })).toBe('alice');
    expect(await named({ Cookie: 'playhead_session=gone', ...basic('bob', 'secret') })).toBe('bob');
    expect(await named(basic('bob', 'secret'))).toBe('bob');
  });

  it.each([
    ['text', '{"name":"alice"}', { 'Content-Type': 'text/plain' }],
    ['no JSON', '{"name":', {}],
    ['no password', { name: 'alice' }, {}],
    ['a number for a password', { name: 'alice', password: 1 }, {}],
    ['more than asked for', { name: 'alice', password: 'x', admin: true }, {}],
    ['a list', ['alice', 'x'], {}],
    ['null', 'null', {}],
    ['too much', { name: 'alice', password: 'x'.repeat(9000) }, {}],
  ])('refuse a login with %s', async (_, body, headers) => {
    const { status, json } = await post(playhead, body, headers);
    expect([status, json.type]).toEqual([400, '/problems/validation-failed']);
  });

  it('answer a wrong name and a wrong password alike, without a window of the browser', async () => {
    const replies = [
      await post(playhead, { name: 'nobody', password: 'x' }),
      await logIn(playhead, {}, 'wrong'),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toBe('Cookie realm="Playhead"');
      expect(reply.headers['set-cookie']).toBeUndefined();
      expect(reply.json.detail).toBe('Name or password is wrong.');
    }
  });
});

describe('requests of other sites', () => {
  let playhead: Playhead;
  let Cookie: string;
  beforeAll(async () => {
    playhead = await start();
    Cookie = cookieOf(await logIn(playhead));
  });
  afterAll(() => playhead.close());
  const BOB = basic('bob', 'secret');
  const own = () => `http://127.0.0.1:${playhead.port}`;

  // Logging out is the one change that everybody may ask for: refused 403, otherwise 204.
  it.each<[string, boolean, object, () => object, number]>([
    ['cookie, no word where from', true, {}, () => ({}), 403],
    ['cookie, same origin', true, {}, () => ({ 'Sec-Fetch-Site': 'same-origin' }), 204],
    ['cookie, typed in', true, {}, () => ({ 'Sec-Fetch-Site': 'none' }), 204],
    ['cookie, same site', true, {}, () => ({ 'Sec-Fetch-Site': 'same-site' }), 403],
    ['cookie, cross site', true, {}, () => ({ 'Sec-Fetch-Site': 'cross-site' }), 403],
    [
      'cookie, cross site with our origin',
      true,
      {},
      () => ({ 'Sec-Fetch-Site': 'cross-site', Origin: own() }),
      403,
    ],
    ['cookie, our origin', true, {}, () => ({ Origin: own() }), 204],
    ['cookie, our origin by https', true, {}, () => ({ Origin: own().replace('http', 'https') }), 204],
    ['cookie, another origin', true, {}, () => ({ Origin: 'https://evil.example' }), 403],
    ['cookie, another port', true, {}, () => ({ Origin: 'http://127.0.0.1:1' }), 403],
    ['cookie, a sandbox', true, {}, () => ({ Origin: 'null' }), 403],
    ['cookie, nonsense', true, {}, () => ({ Origin: '127.0.0.1' }), 403],
    ['cookie and Basic, no word', true, BOB, () => ({}), 403],
    ['Basic, no word', false, BOB, () => ({}), 204],
    ['Basic, another origin', false, BOB, () => ({ Origin: 'https://evil.example' }), 403],
    ['Basic, cross site', false, BOB, () => ({ 'Sec-Fetch-Site': 'cross-site' }), 403],
    ['Basic, same origin', false, BOB, () => ({ 'Sec-Fetch-Site': 'same-origin' }), 204],
    ['nobody, no word', false, {}, () => ({}), 204],
    ['nobody, cross site', false, {}, () => ({ 'Sec-Fetch-Site': 'cross-site' }), 403],
  ])('%s', async (_, withCookie, credentials, headers, status) => {
    const sent = { ...(withCookie && { Cookie }), ...credentials, ...headers() };
    const reply = await playhead.http.send(SESSION, { method: 'DELETE', headers: sent });
    expect(reply.status).toBe(status);
    if (status === 403) expect(reply.json.type).toBe('/problems/cross-site-request');
    // Refused is not done.
    if (withCookie && status === 403) expect(await read(playhead, { Cookie })).toBe(200);
    if (withCookie && status === 204) Cookie = cookieOf(await logIn(playhead));
  });

  it('log nobody in', async () => {
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
      const reply = await logIn(playhead, headers);
      expect([reply.status, reply.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  it('may read what everybody may, as before', async () => {
    expect(await read(playhead, { Cookie, 'Sec-Fetch-Site': 'cross-site' })).toBe(200);
  });
});

describe('Basic', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await start();
  });
  afterAll(() => playhead.close());
  const field = (Authorization: string) => ({ Authorization });
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

  it('takes UTF-8, composed and decomposed', async () => {
    expect(await read(playhead, basic('alice', PASSWORD.normalize('NFC')))).toBe(200);
    expect(await read(playhead, basic('alice', PASSWORD.normalize('NFD')))).toBe(200);
    expect(await read(playhead, field(`bASIC   ${base64(`alice:${PASSWORD}`)}`))).toBe(200);
  });

  it.each([
    ['Latin-1', `Basic ${base64(Buffer.from(`alice:${PASSWORD}`, 'latin1'))}`],
    ['no base64', 'Basic alice:secret'],
    ['no colon', `Basic ${base64('alice')}`],
    ['nothing', 'Basic '],
    ['an empty password', `Basic ${base64('alice:')}`],
    ['a long password', `Basic ${base64(`alice:${'x'.repeat(8000)}`)}`],
  ])('refuses %s', async (_, text) => {
    expect(await read(playhead, field(text))).toBe(401);
  });

  it('leaves other schemes to proxies', async () => {
    await writeFile(path.join(playhead.root, 'public.txt'), 'public');
    expect((await playhead.http.get('/files/public.txt', field('Bearer abc'))).status).toBe(200);
    expect((await playhead.http.get('/files/public.txt', basic('alice', 'wrong'))).status).toBe(401);
  });

  it('refuses an Authorization longer than a header may be', async () => {
    const reply = await playhead.http.get('/files/x', field(`Basic ${'A'.repeat(20_000)}`));
    expect(reply.status).toBe(431);
  });

  it('is checked once for many requests', async () => {
    const before = auditOf(playhead).length;
    await Promise.all(Array.from({ length: 50 }, () => read(playhead, basic('bob', 'secret'))));
    expect(auditOf(playhead).slice(before)).toMatchObject([{ action: 'login', outcome: 'done', who: 'bob' }]);
  });
});

describe('guessing passwords', () => {
  it('is slowed down by address, also for the right one, and leaves who is logged in alone', async () => {
    const playhead = await start();
    try {
      const Cookie = cookieOf(await logIn(playhead));
      expect(await read(playhead, basic('bob', 'secret'))).toBe(200);
      const statuses: number[] = [];
      for (let guess = 0; guess < 12; guess++)
        statuses.push((await logIn(playhead, {}, `guess ${guess}`)).status);
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
      const right = await logIn(playhead);
      expect([right.status, right.json.type]).toEqual([429, '/problems/too-many-attempts']);
      expect(Number(right.headers['retry-after'])).toBeGreaterThan(20);
      expect((await playhead.http.get('/files/private/a.txt', basic('alice', PASSWORD))).status).toBe(429);
      expect(await read(playhead, { Cookie })).toBe(200);
      expect(await read(playhead, basic('bob', 'secret'))).toBe(200);
      expect(await read(playhead, {})).toBe(401);
    } finally {
      await playhead.close();
    }
  });

  it('is counted together for forms and Basic, once for the same wrong password', async () => {
    const playhead = await start();
    try {
      const wrong = basic('alice', 'old password');
      for (let index = 0; index < 20; index++) expect(await read(playhead, wrong)).toBe(401);
      for (let guess = 0; guess < 9; guess++)
        expect(await read(playhead, basic('alice', String(guess)))).toBe(401);
      expect((await logIn(playhead, {}, 'x')).status).toBe(429);
    } finally {
      await playhead.close();
    }
  });

  it('is counted for the client behind a trusted proxy, and for nobody whom a client makes up', async () => {
    const playhead = await start({ trustedProxies: ['127.0.0.1'] });
    const from = (client: string) => ({ 'X-Forwarded-For': client });
    try {
      for (let guess = 0; guess < 11; guess++)
        await logIn(playhead, from(`1.2.3.${guess}, 198.51.100.7`), `guess ${guess}`);
      expect((await logIn(playhead, from('198.51.100.7'))).status).toBe(429);
      expect((await logIn(playhead, from('198.51.100.8'))).status).toBe(200);
      expect(auditOf(playhead).at(-1)).toMatchObject({ client: '198.51.100.8', outcome: 'done' });
      expect(playhead.log.at(-1)).toMatchObject({ client: '198.51.100.8', status: 200 });
    } finally {
      await playhead.close();
    }
    const direct = await start();
    try {
      for (let guess = 0; guess < 11; guess++)
        await logIn(direct, from(`198.51.100.${guess}`), `guess ${guess}`);
      expect((await logIn(direct, from('203.0.113.1'))).status).toBe(429);
    } finally {
      await direct.close();
    }
  });

  it('takes as long for a name that nobody has', async () => {
    const playhead = await startPlayhead({ users: [{ name: 'alice', password: 'plain', rules: [] }] });
    try {
      const time = async (name: string, password: string) => {
        const begun = performance.now();
        const { status } = await post(playhead, { name, password });
        return { status, time: performance.now() - begun };
      };
      expect((await time('alice', 'plain')).status).toBe(200); // hashed in the background by then
      const known = Math.min((await time('alice', 'x1')).time, (await time('alice', 'x2')).time);
      const unknown = Math.min((await time('nobody', 'x1')).time, (await time('nobody', 'x2')).time);
      expect(unknown).toBeGreaterThan(known / 2);
      expect(known).toBeGreaterThan(50);
    } finally {
      await playhead.close();
    }
  });
});

describe('behind a proxy that ends TLS', () => {
  const https = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'media.example' };

  it('gives a cookie that only https can carry, and knows its own origin', async () => {
    const playhead = await start({ trustedProxies: ['127.0.0.1'] });
    try {
      const origin = { Origin: 'https://media.example' };
      const reply = await logIn(playhead, { ...https, ...origin });
      expect(reply.headers['set-cookie']![0]).toMatch(/^__Host-playhead_session=.*; Path=\/; .*; Secure$/);
      const Cookie = cookieOf(reply);
      expect(await read(playhead, { ...https, Cookie })).toBe(200);
      expect(await read(playhead, { Cookie })).toBe(401);
      expect(await read(playhead, { ...https, Cookie: Cookie.replace('__Host-', '') })).toBe(401);
      const end = async (Origin: string) =>
        (await playhead.http.send(SESSION, { method: 'DELETE', headers: { ...https, Cookie, Origin } }))
          .status;
      expect(await end('http://media.example')).toBe(403);
      expect(await end('https://127.0.0.1')).toBe(403);
      expect(await end('https://media.example')).toBe(204);
    } finally {
      await playhead.close();
    }
  });

  it('believes nobody else', async () => {
    const playhead = await start();
    try {
      expect((await logIn(playhead, https)).headers['set-cookie']![0]).not.toMatch(/Secure|__Host-/);
    } finally {
      await playhead.close();
    }
  });
});

describe('the audit', () => {
  it('has a line for each login, failure, logout and refusal, and no secret', async () => {
    const playhead = await start();
    try {
      const Cookie = cookieOf(await logIn(playhead));
      await logIn(playhead, {}, 'wrong password');
      await post(playhead, { name: 'my password by mistake', password: 'x' });
      await read(playhead, { Cookie });
      await playhead.http.get('/files/private/a.txt?token=query');
      await playhead.http.send(SESSION, {
        method: 'DELETE',
        headers: { Cookie, Origin: 'https://evil.example' },
      });
      await playhead.http.send(SESSION, { method: 'DELETE', headers: { Cookie, 'Sec-Fetch-Site': 'none' } });
      const client = '127.0.0.1';
      const lines = auditOf(playhead);
      expect(lines).toMatchObject([
        { level: 30, action: 'login', outcome: 'done', who: 'alice', client },
        { level: 30, action: 'login', outcome: 'failed', who: 'alice', client },
        { level: 30, action: 'login', outcome: 'failed', who: 'unknown', client },
        { level: 30, action: 'read', outcome: 'refused', who: 'anonymous', path: 'private/a.txt', client },
        { level: 30, action: 'DELETE', outcome: 'refused', reason: 'cross-site', path: 'api/v1/session' },
        { level: 30, action: 'logout', outcome: 'done', who: 'alice', client },
      ]);
      for (const { reqId } of lines) expect(reqId).toMatch(/^[\da-f-]{36}$/);
      const all = JSON.stringify(playhead.log);
      for (const secret of [
        PASSWORD,
        'wrong password',
        'by mistake',
        'query',
        Cookie.split('=')[1]!,
        'scrypt',
      ])
        expect(all).not.toContain(secret);
    } finally {
      await playhead.close();
    }
  });
});

it('a login that is broken off leaves the connection in good order', async () => {
  const playhead = await start();
  try {
    const head = `POST ${SESSION} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`;
    await exchange(playhead.port, head, { ms: 200 });
    expect((await logIn(playhead)).status).toBe(200);
    expect(playhead.log.filter(({ level }) => level >= 50)).toEqual([]);
  } finally {
    await playhead.close();
  }
});

describe('sessions of a server that has a state folder', () => {
  it('outlast it, and are over for good when one has logged out', async () => {
    const root = await makeFolder();
    const elsewhere = await makeFolder();
    const settings = {
      root,
      rules: parseRules('/private:-'),
      // The same hash each time: another password would end the session.
      users: [user('alice', PASSWORD, '/private:rw')],
    };
    await mkdir(path.join(root, 'private'));
    await writeFile(path.join(root, 'private/a.txt'), 'private');

    const first = await startPlayhead(settings);
    const cookies = [cookieOf(await logIn(first)), cookieOf(await logIn(first))];
    await first.close();
    const second = await startPlayhead(settings);
    for (const Cookie of cookies) expect(await read(second, { Cookie })).toBe(200);
    const out = await second.http.send(SESSION, {
      method: 'DELETE',
      headers: { Cookie: cookies[0], Origin: second.url },
    });
    expect(out.status).toBe(204);

    // As after a loss of power at this moment.
    await cp(root, elsewhere, { recursive: true });
    await second.close();
    const third = await startPlayhead({ ...settings, root: elsewhere });
    expect(await read(third, { Cookie: cookies[0] })).toBe(401);
    expect(await read(third, { Cookie: cookies[1] })).toBe(200);
    await third.close();
    for (const folder of [root, elsewhere]) await rm(folder, { recursive: true });
  });

  it('end with it where nothing may be changed, and nothing is written', async () => {
    const root = await makeFolder();
    const settings = { root, users: [user('alice', PASSWORD, '/:r')] };
    const first = await startPlayhead(settings);
    const Cookie = cookieOf(await logIn(first));
    await first.close();
    expect(await readdir(root)).toEqual([]);
    const stateDir = await makeFolder();
    const second = await startPlayhead({ ...settings, stateDir });
    expect((await second.http.get(SESSION, { Cookie })).json.name).toBeNull();
    const kept = cookieOf(await logIn(second));
    await second.close();
    const third = await startPlayhead({ ...settings, stateDir });
    expect((await third.http.get(SESSION, { Cookie: kept })).json.name).toBe('alice');
    await third.close();
    for (const folder of [root, stateDir]) await rm(folder, { recursive: true });
  });
});
