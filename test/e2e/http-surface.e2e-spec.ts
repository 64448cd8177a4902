import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../src/core/problem/index.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';

describe('the surface', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
    for (const name of [
      'film.mp4',
      'page.html',
      'drawing.svg',
      'feed.xml',
      'notes.txt',
      'photo.jpg',
      'unknown',
    ]) {
      await writeFile(path.join(playhead.root, name), '<script>alert(1)</script>');
    }
  });
  afterAll(() => playhead.close());
  const send = (target: string, method: string, headers = {}) =>
    playhead.http.send(target, { method, headers });

  describe('methods', () => {
    it.each(['PUT', 'POST', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'MKCOL'])(
      '%s is not allowed, and Allow says what is',
      async (method) => {
        for (const target of ['/files/film.mp4', '/files/', '/docs', '/health/live']) {
          const reply = await send(target, method);
          expect(reply.status).toBe(405);
          expect(reply.headers.allow).toBe('GET, HEAD, OPTIONS');
          expect(reply.json).toMatchObject({ type: '/problems/method-not-allowed' });
        }
      },
    );

    it('OPTIONS tells the methods, of one resource and of the server', async () => {
      for (const [target, allow] of [
        ['/files/film.mp4', 'GET, HEAD, OPTIONS'],
        ['*', 'GET, HEAD, POST, DELETE, OPTIONS'],
      ] as const) {
        const reply = await send(target, 'OPTIONS');
        expect(reply.status).toBe(204);
        expect(reply.headers.allow).toBe(allow);
        expect(reply.body).toHaveLength(0);
      }
    });

    it('an unknown URL is not found by any method', async () => {
      for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS'])
        expect((await send('/nothing', method)).status).toBe(404);
    });

    it('HEAD has the header of GET', async () => {
      const [get, head] = await Promise.all([
        playhead.http.get('/files/film.mp4'),
        playhead.http.head('/files/film.mp4'),
      ]);
      const { date: _, ...expected } = get.headers;
      expect(head.headers).toMatchObject(expected);
      expect(head.body).toHaveLength(0);
    });

    it('letter case of routes matters', async () => {
      expect((await playhead.http.get('/FILES/film.mp4')).status).toBe(404);
    });
  });

  describe('security headers', () => {
    it.each(['page.html', 'drawing.svg', 'feed.xml'])('%s cannot run script in this origin', async (name) => {
      const { headers } = await playhead.http.get(`/files/${name}`);
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    });

    it.each(['film.mp4', 'photo.jpg'])(
      '%s may be embedded by other sites, without a sandbox',
      async (name) => {
        const { headers } = await playhead.http.get(`/files/${name}`);
        expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
        expect(headers['content-security-policy']).toBeUndefined();
      },
    );

    it('nothing is sniffed', async () => {
      for (const target of [
        '/files/unknown',
        '/files/missing',
        '/docs',
        '/health/live',
        '/problems',
        '/openapi.yaml',
      ]) {
        expect((await playhead.http.get(target)).headers['x-content-type-options']).toBe('nosniff');
      }
      expect((await playhead.http.get('/files/unknown')).headers['content-type']).toBe(
        'application/octet-stream',
      );
    });

    it('nobody is told what runs here', async () => {
      const { headers } = await playhead.http.get('/files/film.mp4');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    });
  });

  describe('CORS', () => {
    const origin = { Origin: 'https://player.example' };

    it('is off by default', async () => {
      const reply = await playhead.http.get('/files/film.mp4', origin);
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    });

    it.each([
      [['*'], 'https://player.example', '*'],
      [['https://player.example'], 'https://player.example', 'https://player.example'],
      [['https://player.example'], 'https://evil.example', undefined],
    ])('for %j, %s gets %s', async (cors, from, allowed) => {
      const open = await startPlayhead({ root: playhead.root, cors });
      try {
        const headers = { Origin: from, Range: 'bytes=0-1' };
        const reply = await open.http.get('/files/film.mp4', headers);
        expect(reply.status).toBe(206);
        expect(reply.headers['access-control-allow-origin']).toBe(allowed);
        if (allowed !== '*') expect(reply.headers.vary).toMatch(/Origin/);
        const exposed = reply.headers['access-control-expose-headers'] ?? '';
        for (const name of ['Content-Range', 'Accept-Ranges', 'Content-Length', 'ETag'])
          expect(exposed).toContain(name);

        const preflight = await open.http.send('/files/film.mp4', {
          method: 'OPTIONS',
          headers: {
            Origin: from,
            'Access-Control-Request-Method': 'GET',
            'Access-Control-Request-Headers': 'range',
          },
        });
        expect(preflight.status).toBe(204);
        expect(preflight.headers['access-control-allow-origin']).toBe(allowed);
        expect(preflight.headers['access-control-allow-headers']).toContain('Range');

        const error = await open.http.get('/files/missing', headers);
        expect(error.headers['access-control-allow-origin']).toBe(allowed);
      } finally {
        await open.close();
      }
    });
  });

  describe('problems', () => {
    it('have the shape of RFC 9457, an id to look up in the log, and a page', async () => {
      const reply = await playhead.http.get('/files/missing.mp4');
      expect(reply.headers['content-type']).toBe('application/problem+json');
      expect(reply.json).toEqual({
        type: '/problems/not-found',
        title: 'Nothing here',
        status: 404,
        detail: expect.any(String),
        instance: expect.stringMatching(/^urn:uuid:[\da-f-]{36}$/),
      });
      const id = String(reply.json.instance).slice('urn:uuid:'.length);
      expect(playhead.log.filter(({ reqId }) => reqId === id)).toHaveLength(1);
      const page = await playhead.http.get(String(reply.json.type));
      expect(page.status).toBe(200);
      expect(page.text).toContain('Nothing here');
    });

    it('all have a page, and the list has them all', async () => {
      const list = (await playhead.http.get('/problems')).text;
      for (const slug of Object.keys(CATALOGUE)) {
        expect(list).toContain(`/problems/${slug}"`);
        expect((await playhead.http.get(`/problems/${slug}`)).headers['content-type']).toBe(
          'text/html; charset=utf-8',
        );
      }
      for (const slug of ['nonsense', 'toString', '__proto__'])
        expect((await playhead.http.get(`/problems/${slug}`)).status).toBe(404);
    });
  });

  describe('operations', () => {
    it('lives, and is ready while the folder can be read', async () => {
      expect((await playhead.http.get('/health/live')).json).toEqual({ status: 'ok' });
      expect((await playhead.http.get('/health/ready')).json).toMatchObject({ status: 'ok' });
      await rename(playhead.root, `${playhead.root}-away`);
      try {
        expect((await playhead.http.get('/health/live')).status).toBe(200);
        const ready = await playhead.http.get('/health/ready');
        expect(ready.status).toBe(503);
        const id = String(ready.json.instance).slice('urn:uuid:'.length);
        expect(playhead.log.filter(({ reqId, level }) => reqId === id && level === 50)).toHaveLength(1);
        expect(ready.text).not.toContain(playhead.root);
        expect((await playhead.http.get('/files/film.mp4')).status).toBe(503);
      } finally {
        await rename(`${playhead.root}-away`, playhead.root);
      }
      expect((await playhead.http.get('/health/ready')).status).toBe(200);
    });

    it('has its documentation, all of it from here', async () => {
      const docs = await playhead.http.get('/docs');
      expect(docs.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      const assets = [...docs.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
      expect(assets).toHaveLength(3);
      for (const asset of assets) {
        expect(asset).toMatch(/^\/docs\/assets\//);
        expect((await playhead.http.get(asset)).status).toBe(200);
      }
      expect((await playhead.http.get('/docs/assets/..%2f..%2fpackage.json')).status).toBe(400);
      const contract = await playhead.http.get('/openapi.yaml');
      expect(contract.headers['content-type']).toBe('application/yaml');
      expect(contract.text).toMatch(/^openapi: 3\.1/m);
    });

    it('logs each request with what matters, without its query', async () => {
      await playhead.http.get('/files/film.mp4?token=secret', {
        Range: 'bytes=0-1',
        Cookie: 'c=secret',
        Authorization: 'Bearer secret',
      });
      expect(playhead.log.at(-1)).toMatchObject({
        level: 30,
        method: 'GET',
        path: '/files/film.mp4',
        range: 'bytes=0-1',
        status: 206,
      });
      expect(JSON.stringify(playhead.log)).not.toContain('secret');
      await playhead.http.head('/files/film.mp4');
      expect(Number(playhead.log.at(-1)!.sentBytes)).toBeLessThan(1000);
    });
  });
});
