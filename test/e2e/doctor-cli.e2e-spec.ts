import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { type FaultyServer, startFaultyServer } from '../support/faulty-server.js';
import { type Playhead, startPlayhead } from '../support/playhead.js';
import { runPlayhead } from '../support/playhead-process.js';
import { SAMPLES } from '../support/samples.js';
import { selfSigned } from '../support/self-signed.js';

const FILM = '/video/mp4-moov-first.mp4';

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('playhead doctor', () => {
  let playhead: Playhead;
  let faulty: FaultyServer;
  const open: http.Server[] = [];
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    faulty = await startFaultyServer({
      none: { ranges: false, fields: { Server: 'nginx/1.22.1' } },
      weak: { etag: 'weak' },
      echo: {
        fieldsFor: ({ headers }) => ({
          'Content-Type': `x/${headers.authorization ?? (headers['x-key'] as string)}`,
        }),
      },
    });
  });
  afterAll(async () => {
    await playhead.close();
    await faulty.close();
    for (const server of open) {
      server.closeAllConnections();
      server.close();
    }
  });
  const doctor = (...args: string[]) => runPlayhead(['doctor', ...args], { env: { FORCE_COLOR: '0' } });

  it('says that all is well, and exits with 0', async () => {
    const { code, stdout, stderr } = await doctor(`${playhead.url}/files${FILM}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^http:\S+\n {2}mp4, avc1\.64000c, mp4a\.40\.2, 15 s, 284 KiB, starts at once\n/);
    expect(stdout).toMatch(
      /\n {2}no failures, no warnings, 1 note in \d+ checks\. Chrome fine, Firefox fine, Safari fine\n$/,
    );
  });

  it('names what fails, whom it breaks and the line for the server it recognised, and exits with 1', async () => {
    const { code, stdout } = await doctor(faulty.url('none'));
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n {2}FAIL {2}no-ranges {2}Chrome, Firefox, Safari, players\n {8}Asked for two bytes/,
    );
    expect(stdout).toMatch(/\n {10}nginx +proxy_force_ranges on;/);
    expect(stdout).not.toMatch(/Apache/);
    expect(stdout).not.toContain('\x1b');
  });

  it('exits with 0 for warnings', async () => {
    const { code, stdout } = await doctor(faulty.url('weak'));
    expect(stdout).toContain('warn  etag-weak');
    expect(code).toBe(0);
  });

  it('prints colours where they are wanted', async () => {
    const { stdout } = await runPlayhead(['doctor', faulty.url('none')], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\x1b[31mFAIL\x1b[39m');
  });

  it('--json is one array with an examination for each URL', async () => {
    const { code, stdout } = await doctor('--json', faulty.url('none'), `${playhead.url}/files${FILM}`);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        url: faulty.url('none'),
        server: 'nginx/1.22.1',
        recognised: ['nginx'],
        findings: [
          { code: 'no-ranges', severity: 'failure', lines: [{ server: 'nginx' }, {}, {}, {}, {}, {}] },
        ],
        verdicts: { Chrome: 'fails', Firefox: 'fails', Safari: 'fails' },
      },
      {
        findings: [{ code: 'cors', severity: 'info', affects: ['Chrome', 'Firefox', 'Safari'] }],
        verdicts: { Chrome: 'fine', Firefox: 'fine', Safari: 'fine' },
        media: { container: 'mp4', faststart: true },
      },
    ]);
  });

  it('reaches a server by IPv6', async () => {
    const server = http.createServer(express().use(express.static(SAMPLES)));
    open.push(server);
    const { code, stdout } = await doctor(`http://[::1]:${await listen(server, '::1')}${FILM}`);
    expect(stdout).toContain('no failures, no warnings');
    expect(code).toBe(0);
  });

  describe('credentials', () => {
    const SECRET = 'correct horse';
    const BASIC = Buffer.from(`anna:${SECRET}`).toString('base64');
    const seen: http.IncomingMessage[] = [];
    let guarded: number;
    let elsewhere: number;
    beforeAll(async () => {
      const app = express()
        .use((request, response, next) => {
          seen.push(request);
          const { authorization, 'x-key': key } = request.headers;
          if (authorization === `Basic ${BASIC}` || key === 'token-of-anna') next();
          else response.status(401).end();
        })
        .get('/away.mp4', (_, response) => response.redirect(`http://127.0.0.1:${elsewhere}${FILM}`))
        .use(express.static(SAMPLES));
      const free = express()
        .use((request, _, next) => {
          seen.push(request);
          next();
        })
        .use(express.static(SAMPLES));
      const servers = [http.createServer(app), http.createServer(free)];
      open.push(...servers);
      [guarded, elsewhere] = (await Promise.all(servers.map((server) => listen(server)))) as [number, number];
    });

    it('are sent with every request, and not printed', async () => {
      const url = `http://anna:${encodeURIComponent(SECRET)}@127.0.0.1:${guarded}${FILM}`;
      for (const args of [[url], ['--json', url]]) {
        const { code, stdout, stderr } = await doctor(...args);
        expect(code).toBe(0);
        expect(stdout + stderr).not.toMatch(/anna|horse/);
        expect(stdout + stderr).not.toContain(BASIC);
      }
      const { code } = await doctor('--header', 'X-Key: token-of-anna', `http://127.0.0.1:${guarded}${FILM}`);
      expect(code).toBe(0);
    });

    it('are missed where they are needed', async () => {
      const { code, stdout } = await doctor(`http://127.0.0.1:${guarded}${FILM}`);
      expect(stdout).toMatch(/FAIL {2}status .*\n.*answered by status 401/);
      expect(code).toBe(1);
    });

    it('do not follow a redirect to another origin', async () => {
      seen.length = 0;
      const url = `http://anna:${encodeURIComponent(SECRET)}@127.0.0.1:${guarded}/away.mp4`;
      const { code, stdout } = await doctor(
        '--header',
        'X-Key: token-of-anna',
        '--header',
        'Cookie: a=b',
        url,
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/note {2}redirect /);
      const away = seen.filter(({ headers }) => headers.host === `127.0.0.1:${elsewhere}`);
      expect(away.length).toBeGreaterThan(10);
      for (const { headers } of away) {
        expect(headers).not.toHaveProperty('authorization');
        expect(headers).not.toHaveProperty('x-key');
        expect(headers).not.toHaveProperty('cookie');
      }
      expect(stdout).not.toMatch(/anna|horse/);
    });

    it('are struck out where a server sends them back', async () => {
      const url = faulty.url('echo').replace('//', `//anna:${encodeURIComponent(SECRET)}@`);
      const { stdout } = await doctor(url);
      expect(stdout).toMatch(/Content-Type is "x\/basic \*\*\*"/i);
      expect(stdout.toLowerCase()).not.toContain(BASIC.toLowerCase());
      const byField = await doctor('--header', 'X-Key: Token-Of-Anna', faulty.url('echo'));
      expect(byField.stdout).toMatch(/Content-Type is "x\/\*\*\*"/);
    });
  });

  describe('certificates', () => {
    const serve = async (validUntil: Date) => {
      const server = https.createServer(selfSigned(validUntil), express().use(express.static(SAMPLES)));
      open.push(server);
      return `https://127.0.0.1:${await listen(server)}${FILM}`;
    };

    it('a self-signed one is a finding of its own, unless --insecure goes on', async () => {
      const url = await serve(new Date('2100-01-01T00:00:00Z'));
      const strict = await doctor(url);
      expect(strict.code).toBe(1);
      expect(strict.stdout).toMatch(/FAIL {2}certificate .*\n.*its certificate\s+is\s+self-signed/);
      expect(strict.stdout).toMatch(/1 failure, no warnings, no notes/);
      const insecure = await doctor('--insecure', url);
      expect(insecure.stdout).toMatch(/warn {2}certificate-untrusted .*\n.*is self-signed/);
      expect(insecure.stdout).toMatch(/no failures, 1 warning, \d notes in [45]\d checks/);
      expect(insecure.code).toBe(0);
    });

    it('an expired one says so', async () => {
      const { stdout } = await doctor(await serve(new Date('2021-01-01T00:00:00Z')));
      expect(stdout).toMatch(/FAIL {2}certificate .*\n.*its certificate\s+has\s+expired/);
    });

    it('a redirect from https to http is not followed', async () => {
      const app = express().use((_, response) => response.redirect(`${playhead.url}/files${FILM}`));
      const server = https.createServer(selfSigned(new Date('2100-01-01T00:00:00Z')), app);
      open.push(server);
      const before = playhead.log.length;
      const { code, stdout } = await doctor('--insecure', `https://127.0.0.1:${await listen(server)}${FILM}`);
      expect(stdout).toMatch(/FAIL {2}redirect-refused [^]*A page on https may not\s+load it/);
      expect(code).toBe(1);
      expect(playhead.log.length).toBe(before);
    });

    it('no TLS where https is asked for', async () => {
      const { code, stdout } = await doctor(playhead.url.replace('http:', 'https:'));
      expect(stdout).toMatch(/FAIL {2}unreachable .*\n.*no TLS connection/);
      expect(code).toBe(1);
    });
  });

  it.each([
    [[], /missing required argument/],
    [['film.mp4'], /must begin with http/],
    [['ftp://anna:hunter2@example.org/film.mp4'], /must begin with http/],
    [['--header', 'hunter2', 'http://127.0.0.1/'], /--header expects/],
    [['--header', 'X-Key: hunter2\r\nX: y', 'http://127.0.0.1/'], /--header expects/],
    [['--timeout', '0', 'http://127.0.0.1/'], /Expected seconds/],
    [['--origin', 'example', 'http://127.0.0.1/'], /An origin is like/],
    [['--jsn', 'http://127.0.0.1/'], /Did you mean --json/],
  ])('%j is misuse: one line, exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await doctor(...args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^playhead: .*\n$/);
    expect(stderr).not.toContain('hunter2');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
