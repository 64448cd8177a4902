import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, rm } from 'node:fs/promises';
import type { Express } from 'express';
import pino from 'pino';
import { createApplication } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { routesOf } from '../../src/server/route-table.js';
import { allowedMethodsOf, contract, methodsOf } from '../support/contract-document.js';
import { examplePath, isOpenedByLinks } from '../support/contract-path.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

const templates = Object.keys(contract.paths);

/** Express writes `:name` for one segment and `*name` for any number, OpenAPI `{name}` for both. */
function toTemplate(route: string): string {
  return route.replace(/[:*](\w+)/g, '{$1}');
}

/** The samples, free to be changed. */
let playhead: Playhead;
beforeAll(async () => {
  const root = await makeFolder();
  await cp(SAMPLES, root, { recursive: true });
  playhead = await startPlayhead({ root, write: true });
});
afterAll(async () => {
  await playhead.close();
  await rm(playhead.root, { recursive: true });
});

describe('the routes of the running application', () => {
  it('are the paths and methods of openapi.yaml, no more and no less', async () => {
    const config = Object.assign(new AppConfig(), { root: SAMPLES, write: true });
    const { app, adapter } = await createApplication(config, pino({ level: 'silent' }));
    const routes = routesOf(adapter.getInstance<Express>()).flatMap(({ path, methods }) =>
      methods.map((method) => `${method} ${toTemplate(path)}`),
    );
    await app.close();
    // OPTIONS has no route: the server answers it for every path.
    const declared = templates.flatMap((template) =>
      methodsOf(template)
        .filter((method) => method !== 'OPTIONS')
        .map((method) => `${method} ${template}`),
    );
    expect(routes.sort()).toEqual(declared.sort());
  });
});

describe.each(templates)('%s', (template) => {
  const path = examplePath(template);

  // The client holds every answer against the contract, so sending the request is the test.
  it.each(methodsOf(template))('answers %s as declared', async (method) => {
    const { status } = await playhead.http.send(path, { method });
    expect(status).toBeLessThan(500);
  });

  it('lists its declared methods in Allow', async () => {
    const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].filter(
      (method) => !methodsOf(template).includes(method),
    );
    const replies = await Promise.all(
      ['OPTIONS', ...others].map((method) => playhead.http.send(path, { method })),
    );
    expect(replies.map(({ status }) => status)).toEqual([204, ...others.map(() => 405)]);
    for (const { headers } of replies) {
      expect(headers.allow?.split(', ').sort()).toEqual(allowedMethodsOf(template));
    }
  });
});

describe.each(templates.filter(isOpenedByLinks))('/l/{link}%s', (template) => {
  const path = `/l/${'A'.repeat(84)}${examplePath(template)}`;

  it.each(['GET', 'HEAD'])('answers %s as declared, and says that it is no link', async (method) => {
    const { status, headers } = await playhead.http.send(path, { method });
    expect(status).toBe(403);
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('allows nothing but to read', async () => {
    const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];
    const replies = await Promise.all(
      ['OPTIONS', ...others].map((method) => playhead.http.send(path, { method })),
    );
    expect(replies.map(({ status }) => status)).toEqual([204, ...others.map(() => 405)]);
    for (const { headers } of replies) {
      expect(headers.allow?.split(', ').sort()).toEqual(['GET', 'HEAD', 'OPTIONS']);
    }
  });
});

describe.each(templates.filter((template) => !isOpenedByLinks(template)))('/l/{link}%s', (template) => {
  it('is nothing', async () => {
    const { status } = await playhead.http.get(`/l/${'A'.repeat(84)}${examplePath(template)}`);
    expect(status).toBe(404);
  });
});

describe('the server as a whole', () => {
  it('lists all its methods in Allow', async () => {
    const { status } = await playhead.http.send('*', { method: 'OPTIONS' });
    expect(status).toBe(204);
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'POST'])('has nothing for %s at other paths', async (method) => {
    const { status } = await playhead.http.send('/no/such/path', { method });
    expect(status).toBe(404);
  });
});
