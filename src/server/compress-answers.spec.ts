import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { compressAnswers } from './compress-answers.js';

const PATH = '/api/v1/entries';
const VALUE = { text: 'again '.repeat(500) };

describe('compressAnswers', () => {
  let server: Server;
  let answerWaiting: () => void;
  let arrived: number;
  beforeEach(async () => {
    const waiting = new Promise<void>((resolve) => (answerWaiting = resolve));
    arrived = 0;
    const app = express();
    app.use(compressAnswers());
    app.get(`${PATH}/waiting`, async (_, response) => {
      arrived++;
      await waiting;
      response.json(VALUE);
    });
    app.get(`${PATH}/ranges`, (_, response) => response.set('Accept-Ranges', 'bytes').json(VALUE));
    app.get(`${PATH}/thumbnail`, (_, response) => response.type('image/svg+xml').send(VALUE.text));
    app.get(/.*/, (_, response) => response.json(VALUE));
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string) =>
    new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const headers = { 'Accept-Encoding': 'gzip' };
      http
        .get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
          response.resume().once('end', () => resolve(response.headers));
        })
        .once('error', reject);
    });

  it.each([
    [PATH, 'gzip'],
    [`${PATH}?q=a`, 'gzip'],
    [`${PATH}/a/b`, 'gzip'],
    [`${PATH}/ranges`, undefined],
    [`${PATH}/thumbnail`, undefined],
    [`${PATH}-else`, undefined],
    [`/files${PATH}`, undefined],
    ['/api/v1/session', undefined],
    ['/api/v1/links', undefined],
    ['/api/v1/archives/entries', undefined],
  ])('%s: %s', async (path, coding) => {
    const { 'content-encoding': sent, vary } = await get(path);
    expect([sent, vary]).toEqual(coding === undefined ? [undefined, undefined] : [coding, 'Accept-Encoding']);
  });

  it('compresses 64 answers at once and no more, until some have been sent', async () => {
    const replies = Array.from({ length: 70 }, () => get(`${PATH}/waiting`));
    while (arrived < 70) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await get(PATH))['content-encoding']).toBeUndefined();
    expect((await get(PATH)).vary).toBe('Accept-Encoding');
    answerWaiting();
    const codings = (await Promise.all(replies)).map((headers) => headers['content-encoding']);
    expect(codings.filter((coding) => coding === 'gzip')).toHaveLength(64);
    expect((await get(PATH))['content-encoding']).toBe('gzip');
  });
});
