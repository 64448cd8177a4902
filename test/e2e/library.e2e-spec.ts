import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../support/playhead.js';
import { PlayheadProcess, PROJECT } from '../support/playhead-process.js';
import { run } from '../support/programs.js';

/** Somebody else's application: their guard, their prefix, two folders, and a route of their own. */
const HOST = `
import 'reflect-metadata';
import { Controller, Get, Injectable, Module, Param, UnauthorizedException, UseFilters, UseInterceptors, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FilesModule, LocalDiskDriver, MemoryDriver, objectKey, ProblemFilter, RangeInterceptor, type FilesModuleOptions, type ReadableStorage, type Representation } from 'playhead';

@Injectable()
class TicketGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    if (request.headers['x-ticket'] !== 'valid') throw new UnauthorizedException();
    return true;
  }
}

@Controller()
class HomeController {
  @Get()
  home(): { hello: string } {
    return { hello: 'host' };
  }
}

const disk = new LocalDiskDriver({ root: process.argv[2]!, hidden: false });

/** A handler of theirs that returns a representation, for Nest to send as it sends any file. */
@Controller('piped')
@UseInterceptors(RangeInterceptor)
@UseFilters(ProblemFilter)
class PipedController {
  @Get(':name')
  async get(@Param('name') name: string): Promise<Representation> {
    const { mediaType, validators, source, close } = await disk.open(objectKey([name]));
    return { fileName: name, mediaType, validators, source, asAttachment: true, close };
  }
}

const trailers = new MemoryDriver();
trailers.put(objectKey(['trailer.mp4']), Buffer.from('0123456789'));
/** A storage of theirs that can be read, and no more. */
const readOnly: ReadableStorage = { stat: (key) => trailers.stat(key), open: (key) => trailers.open(key) };
const films: FilesModuleOptions = { root: process.argv[2]!, prefix: 'media/films', guards: [TicketGuard] };

@Module({ imports: [FilesModule.forRoot(films), FilesModule.forRoot({ root: readOnly, prefix: 'trailers' })], controllers: [HomeController, PipedController] })
class HostModule {}

const app = await NestFactory.create(HostModule, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
console.log('listening on ' + (await app.getUrl()));
`;

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'ES2023',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
  },
  files: ['host.ts'],
};

describe('the package in an application of somebody else', () => {
  let folder: string;
  let host: PlayheadProcess;
  let url: string;
  beforeAll(async () => {
    folder = await makeFolder();
    const files = path.join(folder, 'films');
    await mkdir(files);
    await writeFile(path.join(files, 'film.mp4'), '0123456789');
    const packed = await run(
      'npm',
      ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder],
      PROJECT,
    );
    const tarball = packed.stdout.trim();
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    await writeFile(path.join(folder, 'host.ts'), HOST);
    const options = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    const installed = await run('npm', ['install', ...options, `./${tarball}`, '@types/node@24'], folder);
    if (installed.code !== 0) throw new Error(installed.stderr);
    const compiled = await run(
      process.execPath,
      [path.join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', '.'],
      folder,
    );
    if (compiled.code !== 0) throw new Error(compiled.stdout);
    host = PlayheadProcess.launch(process.execPath, ['host.js', files], { cwd: folder });
    ({ url } = await host.listening());
  }, 180_000);
  afterAll(async () => {
    await host?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const film = (headers: Record<string, string> = {}) =>
    fetch(`${url}/media/films/film.mp4`, { headers: { 'X-Ticket': 'valid', ...headers } });

  it('serves below their prefix, with ranges, conditions and HEAD', async () => {
    const whole = await film();
    expect(whole.status).toBe(200);
    expect(await whole.text()).toBe('0123456789');
    const etag = whole.headers.get('etag')!;
    expect(etag).toMatch(/^"/);
    const part = await film({ Range: 'bytes=0-1' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 0-1/10',
      '01',
    ]);
    const same = await film({ 'If-None-Match': etag });
    expect([same.status, same.headers.get('content-type')]).toEqual([304, null]);
    expect((await film({ 'If-Match': '"x"' })).status).toBe(412);
    expect((await film({ Range: 'bytes=99-' })).headers.get('content-range')).toBe('bytes */10');
    const head = await fetch(`${url}/media/films/film.mp4`, {
      method: 'HEAD',
      headers: { 'X-Ticket': 'valid' },
    });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  });

  it('asks their guard first', async () => {
    const refused = await fetch(`${url}/media/films/film.mp4`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ type: 'about:blank', status: 401 });
  });

  it('serves a second folder from a storage of theirs, without the guard of the first', async () => {
    const part = await fetch(`${url}/trailers/trailer.mp4`, { headers: { Range: 'bytes=-3' } });
    expect([part.status, await part.text()]).toEqual([206, '789']);
    expect((await fetch(`${url}/trailers/film.mp4`)).status).toBe(404);
  });

  it('answers problems for what is missing, and leaves their own routes alone', async () => {
    const missing = await fetch(`${url}/trailers/nothing.mp4`);
    expect(missing.headers.get('content-type')).toBe('application/problem+json');
    expect(await (await fetch(`${url}/trailers/`)).json()).not.toHaveProperty('listing');
    expect(await (await fetch(url)).json()).toEqual({ hello: 'host' });
    expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ statusCode: 404 });
  });

  it('gives a handler of theirs ranges, conditions and HEAD, sent by Nest', async () => {
    const piped = (headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${url}/piped/film.mp4`, { headers, method });
    const whole = await piped();
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('content-disposition')).toContain('attachment');
    const part = await piped({ Range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    const parts = await piped({ Range: 'bytes=0-0,9-9' });
    const text = await parts.text();
    expect(text.length).toBe(Number(parts.headers.get('content-length')));
    expect((await piped({ 'If-None-Match': whole.headers.get('etag')! })).status).toBe(304);
    expect((await piped({ Range: 'bytes=99-' })).status).toBe(416);
    expect((await piped({}, 'HEAD')).headers.get('content-length')).toBe('10');
  });

  describe.each(['media/films', 'piped'])('below /%s', (prefix) => {
    const SIZE = 32 * 2 ** 20;
    const long = (signal?: AbortSignal) =>
      fetch(`${url}/${prefix}/long.mp4`, {
        headers: { 'X-Ticket': 'valid' },
        ...(signal && { signal }),
      });
    beforeEach(() => writeFile(path.join(folder, 'films/long.mp4'), Buffer.alloc(SIZE)));

    it('leaves no descriptor open when their clients hang up', async () => {
      const said = host.stderr;
      for (let round = 0; round < 20; round++) {
        const abort = new AbortController();
        expect((await long(abort.signal)).status).toBe(200);
        abort.abort();
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      const descriptors = (await readdir(`/proc/${host.pid}/fd`)).length;
      expect(descriptors).toBeLessThan(40);
      expect(host.stderr).toBe(said);
    });

    it('breaks the connection when the file shrinks', async () => {
      const reply = await long();
      await truncate(path.join(folder, 'films/long.mp4'), 1000);
      expect(reply.headers.get('content-length')).toBe(String(SIZE));
      await expect(reply.arrayBuffer()).rejects.toThrow();
    });
  });

  it('brings the command along', async () => {
    const { code, stdout } = await run(path.join(folder, 'node_modules/.bin/playhead'), ['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
