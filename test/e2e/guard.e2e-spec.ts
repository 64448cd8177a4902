import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  Module,
  Param,
  Post,
  Put,
  Query,
  Req,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pino from 'pino';
import { AppModule } from '../../src/app.module.js';
import { USUAL_PACE } from '../../src/app.pace.js';
import { AccessControl } from '../../src/auth/access-control.js';
import { Audit } from '../../src/auth/audit.js';
import type { AuthorizedRequest } from '../../src/auth/principal.js';
import { Requires } from '../../src/auth/requires.decorator.js';
import { AppConfig } from '../../src/config/app-config.js';
import { parseRulePath, parseRules } from '../../src/core/access/index.js';
import { requestLog } from '../../src/logging/request-log.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { ProblemFilter } from '../../src/problem/problem.filter.js';
import { PlayheadAdapter } from '../../src/server/playhead-adapter.js';
import { makeFolder } from '../support/playhead.js';
import { basic, user } from '../support/users.js';

/** Routes as a feature that writes has them. */
@Controller('probe')
class ProbeController {
  constructor(
    private readonly access: AccessControl,
    private readonly audit: Audit,
  ) {}

  @Put('*path')
  @Requires('write')
  put(@Req() request: AuthorizedRequest, @Param('path') path: string[]): string {
    this.audit.record(request, { action: 'write', outcome: 'done', path: path.join('/') });
    return 'written';
  }

  @Delete('*path')
  @Requires('delete')
  remove(): string {
    return 'deleted';
  }

  @Get('settings')
  @Requires('admin')
  settings(): string {
    return 'settings';
  }

  @Post('move')
  @Requires({ anywhere: 'write' })
  move(@Req() request: AuthorizedRequest, @Query() { from, to }: Record<'from' | 'to', string>): string {
    this.access.demandMove(request, parseRulePath(from), parseRulePath(to));
    return 'moved';
  }

  @Post('forgotten')
  forgotten(): string {
    return 'open';
  }
}

async function serve(settings: Partial<AppConfig>, log: Record<string, unknown>[] = []) {
  const root = await makeFolder();
  const config = Object.assign(new AppConfig(), { root }, settings);
  const logger = pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line) as never) });
  const adapter = new PlayheadAdapter(config, [requestLog(logger, () => '')], true);
  @Module({
    imports: [AppModule.forRoot(config, logger, new Metrics(), USUAL_PACE)],
    controllers: [ProbeController],
  })
  class ProbeModule {}
  const app: INestApplication = await NestFactory.create(ProbeModule, adapter, {
    bodyParser: false,
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  const { port } = adapter.getHttpServer().address() as AddressInfo;
  return {
    send: (method: string, path: string, headers: http.OutgoingHttpHeaders = {}) =>
      new Promise<number>((resolve, reject) => {
        const request = http.request(
          { port, host: '127.0.0.1', method, path, headers, agent: false },
          (response) => {
            response.resume();
            resolve(response.statusCode!);
          },
        );
        request.once('error', reject);
        request.end();
      }),
    close: async () => {
      await app.close();
      await rm(root, { recursive: true });
    },
  };
}

describe('routes that write', () => {
  const log: Record<string, unknown>[] = [];
  let server: Awaited<ReturnType<typeof serve>>;
  const ALICE = basic('alice', 'a');
  const BOB = basic('bob', 'b');
  beforeAll(async () => {
    server = await serve(
      {
        users: [
          user('alice', 'a', '/music:rwd,/music/kept:r,/inbox:w,/private/alice:rwd'),
          user('bob', 'b', '/:a'),
        ],
        rules: parseRules('/private:-'),
      },
      log,
    );
  });
  afterAll(() => server.close());

  it.each([
    ['PUT', '/probe/music/a', {}, 401],
    ['PUT', '/probe/music/a', ALICE, 200],
    ['PUT', '/probe/music', ALICE, 200],
    ['PUT', '/probe/music-private/a', ALICE, 403],
    ['PUT', '/probe/music/kept/a', ALICE, 403],
    ['PUT', '/probe/Music/KEPT/a', ALICE, 403],
    ['PUT', '/probe/films/a', ALICE, 403],
    // Not even the way into what one may not read is told from nothing.
    ['PUT', '/probe/private/a', ALICE, 404],
    ['PUT', '/probe/private', ALICE, 404],
    ['PUT', '/probe/inbox/a', ALICE, 200],
    ['DELETE', '/probe/inbox/a', ALICE, 404],
    ['DELETE', '/probe/music/a', ALICE, 200],
    ['PUT', '/probe/private/x', BOB, 200],
    ['PUT', '/probe/music/..%2Fprivate', ALICE, 400],
    ['PUT', '/probe/music/%2e%2e/private', ALICE, 400],
    ['GET', '/probe/settings', ALICE, 403],
    ['GET', '/probe/settings', BOB, 200],
    ['POST', '/probe/forgotten', BOB, 403],
    ['POST', '/probe/move?from=/music/a&to=/music/b', {}, 401],
    ['POST', '/probe/move?from=/music/a&to=/music/b', ALICE, 201],
    ['POST', '/probe/move?from=/music/a&to=/films/a', ALICE, 403],
    ['POST', '/probe/move?from=/films/a&to=/music/a', ALICE, 403],
    ['POST', '/probe/move?from=/private/bob&to=/music/bob', ALICE, 404],
    ['POST', '/probe/move?from=/music/a&to=/private/bob', ALICE, 404],
    // The folder holds something that may not be moved away, or would bring it somewhere it may not go.
    ['POST', '/probe/move?from=/music&to=/private/alice/music', ALICE, 403],
    ['POST', '/probe/move?from=/private/alice&to=/music', ALICE, 403],
    ['POST', '/probe/move?from=/private/alice&to=/music/alice', ALICE, 201],
    ['POST', '/probe/move?from=/&to=/x', BOB, 201],
  ])('%s %s by %j: %d', async (method, path, headers, status) => {
    expect(await server.send(method, path, headers)).toBe(status);
  });

  it('leave a line in the log', async () => {
    log.length = 0;
    await server.send('PUT', '/probe/music/a', ALICE);
    expect(log.find(({ context }) => context === 'Audit')).toMatchObject({
      who: 'alice',
      action: 'write',
      outcome: 'done',
      path: 'music/a',
      client: '127.0.0.1',
      reqId: expect.any(String),
    });
  });
});

describe('a server to which everybody may write', () => {
  it('takes writes from programs and from its own page, none from pages of other sites', async () => {
    const server = await serve({ write: true, rules: parseRules('/kept:r,/private:-') });
    try {
      expect(await server.send('PUT', '/probe/a')).toBe(200);
      expect(await server.send('PUT', '/probe/a', { 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
      for (const headers of [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
      ])
        expect(await server.send('PUT', '/probe/a', headers)).toBe(403);
      // Nobody can log in, so nobody is asked to.
      expect(await server.send('PUT', '/probe/kept/a')).toBe(403);
      expect(await server.send('DELETE', '/probe/private/a')).toBe(404);
      expect(await server.send('GET', '/probe/settings')).toBe(403);
    } finally {
      await server.close();
    }
  });

  it('is not what a server is by default', async () => {
    const server = await serve({});
    try {
      expect(await server.send('PUT', '/probe/a')).toBe(403);
      expect(await server.send('POST', '/probe/move?from=/a&to=/b')).toBe(403);
    } finally {
      await server.close();
    }
  });
});
