import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess, PROJECT } from '../support/playhead-process.js';
import { get } from '../support/raw-socket.js';

describe('metrics', () => {
  let playhead: Playhead;
  beforeEach(async () => {
    playhead = await startPlayhead();
    await writeFile(path.join(playhead.root, 'film.mp4'), Buffer.alloc(16 * 2 ** 20));
  });
  afterEach(() => playhead.close());

  /** The value of one series, 0 if there is none yet. */
  async function value(series: string): Promise<number> {
    const { text } = await playhead.http.get('/metrics');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 0);
  }

  it('counts answers by route, method and status, and the bytes of them', async () => {
    await playhead.http.get('/files/film.mp4');
    await playhead.http.get('/files/film.mp4');
    await playhead.http.head('/files/film.mp4');
    await playhead.http.get('/files/missing');
    await playhead.http.send('/files/film.mp4', { method: 'PUT' });
    expect(await value('playhead_http_requests_total{route="/files/*path",method="GET",status="200"}')).toBe(
      2,
    );
    expect(await value('playhead_http_requests_total{route="/files/*path",method="HEAD",status="200"}')).toBe(
      1,
    );
    expect(await value('playhead_http_requests_total{route="/files/*path",method="GET",status="404"}')).toBe(
      1,
    );
    expect(await value('playhead_http_requests_total{route="none",method="PUT",status="405"}')).toBe(1);
    const bytes = await value('playhead_http_sent_bytes_total{route="/files/*path"}');
    expect(bytes).toBeGreaterThan(32 * 2 ** 20);
    expect(bytes).toBeLessThan(32 * 2 ** 20 + 5000);
  });

  it('tells whole files from ranges', async () => {
    for (const range of [undefined, 'bytes=0-1', 'bytes=0-', 'bytes=0-1,9000-', 'bytes=99999999-']) {
      await playhead.http.get('/files/film.mp4', range === undefined ? {} : { Range: range });
    }
    await playhead.http.head('/files/film.mp4');
    expect(await value('playhead_http_ranges_total{kind="full"}')).toBe(1);
    expect(await value('playhead_http_ranges_total{kind="single"}')).toBe(2);
    expect(await value('playhead_http_ranges_total{kind="multi"}')).toBe(1);
    expect(await value('playhead_http_ranges_total{kind="unsatisfiable"}')).toBe(1);
  });

  it('counts transfers under way, and those that were broken off', async () => {
    const socket = net.connect(playhead.port, '127.0.0.1');
    socket.write(get('/files/film.mp4'));
    await once(socket, 'data');
    socket.pause();
    expect(await value('playhead_http_open_transfers')).toBe(2); // the film, and this question
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await value('playhead_http_open_transfers')).toBe(1);
    expect(await value('playhead_http_aborts_total{route="/files/*path"}')).toBe(1);
  });

  it('makes no series of what a client invents', async () => {
    for (const method of ['PROPFIND', 'MKCOL', 'REPORT']) await playhead.http.send('/files/a', { method });
    for (let index = 0; index < 20; index++) await playhead.http.get(`/files/invented-${index}`);
    const { text } = await playhead.http.get('/metrics');
    expect(text).not.toMatch(/invented|PROPFIND/);
    expect(await value('playhead_http_requests_total{route="none",method="other",status="405"}')).toBe(3);
  });

  it('tells of the process and its event loop, by the conventions', async () => {
    const { text, headers } = await playhead.http.get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
    for (const name of text.matchAll(/^# TYPE (playhead_\w+) counter$/gm)) expect(name[1]).toMatch(/_total$/);
  });
});

describe('metrics elsewhere', () => {
  let away: Playhead;
  beforeAll(async () => {
    away = await startPlayhead({ metrics: 'off' });
  });
  afterAll(() => away.close());

  it('are not on the public port when they are off', async () => {
    expect((await away.http.get('/metrics')).status).toBe(404);
  });

  it('have a port of their own when told so', async () => {
    const program = PlayheadProcess.start([away.root, '--port', '0', '--metrics', '0']);
    try {
      const { url } = await program.listening();
      const port = /metrics are on port (\d+)/.exec(program.stdout)?.[1];
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain(
        'playhead_http_requests_total',
      );
      expect((await fetch(`http://127.0.0.1:${port}/files/`)).status).toBe(404);
      program.signal('SIGTERM');
      expect(await program.exited()).toBe(0);
    } finally {
      await program.kill();
    }
  });
});

describe('the Grafana dashboard', () => {
  it('asks only for what the server counts', async () => {
    const playhead = await startPlayhead();
    try {
      await playhead.http.get('/files/missing');
      const { text } = await playhead.http.get('/metrics');
      const known = new Set([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name]) => name!));
      const dashboard = await readFile(path.join(PROJECT, 'docs/grafana-dashboard.json'), 'utf8');
      const asked = new Set(dashboard.match(/\b(?:playhead|nodejs|process)_[a-z0-9_]+\b/g));
      expect(asked.size).toBeGreaterThan(10);
      for (const name of asked) expect(known).toContain(name.replace(/_bucket$/, ''));
    } finally {
      await playhead.close();
    }
  });
});
