import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkHttp } from '../../web/src/screens/inspect/http-check.js';
import { type Fault, type FaultyServer, startFaultyServer } from '../support/faulty-server.js';
import { SAMPLES } from '../support/samples.js';

/** What a server or a proxy gets wrong, and which tests of the page see it. */
const CASES: Readonly<Record<string, readonly [fault: Fault, failed: readonly string[]]>> = {
  good: [{}, []],
  'no-ranges': [
    { ranges: false, acceptRanges: null },
    ['first', 'middle', 'suffix', 'open', 'ifRange', 'acceptRanges'],
  ],
  'no-open-ranges': [{ ranges: 'closed-only' }, ['open']],
  'no-content-range': [{ contentRange: 'missing' }, ['first', 'middle', 'suffix', 'open']],
  'no-size': [{ contentRange: 'without-size' }, ['first', 'middle', 'suffix', 'open']],
  capped: [{ cap: 20_000 }, ['middle', 'open']],
  'no-suffixes': [{ suffix: 'as-prefix' }, ['suffix']],
  'weak-tags': [{ etag: 'weak' }, ['ifRange', 'etag']],
  'no-tags': [{ etag: 'missing' }, ['etag']],
  'mixes-versions': [{ ifRange: 'ignored' }, ['ifRange']],
  'text-type': [{ type: 'text/plain; charset=utf-8' }, ['type']],
  compressed: [{ gzip: 'always' }, ['encoding']],
  'breaks-off': [{ cut: 1 }, ['first', 'middle', 'suffix', 'ifRange']],
  refused: [{ status: 403 }, ['reached']],
};

describe("the page's test of a file over HTTP", () => {
  let server: FaultyServer;
  let size: number;
  beforeAll(async () => {
    const faults = Object.entries(CASES).map(([name, [fault]]) => [name, fault] as const);
    server = await startFaultyServer(Object.fromEntries(faults));
    ({ size } = await stat(path.join(SAMPLES, 'video/mp4-moov-first.mp4')));
  });
  afterAll(() => server.close());

  const check = (name: string, known: { size?: number } = { size }) =>
    checkHttp(
      { url: server.url(name), type: 'video/mp4', ...known },
      { signal: AbortSignal.timeout(20_000) },
    );

  it.each(Object.entries(CASES).map(([name, [, failed]]) => [name, failed] as const))(
    '%s',
    async (name, failed) => {
      const { checks } = await check(name);
      expect(checks.filter(({ ok }) => !ok).map((one) => one.name)).toEqual(failed);
    },
  );

  it('says what came and how fast', async () => {
    const { checks, firstByte } = await check('good');
    expect(checks).toHaveLength(10);
    const text = `206, bytes 0-1/${size}, 2 B`;
    expect(checks[1]).toEqual({ name: 'first', ok: true, got: text, wanted: text });
    expect(firstByte).toBeGreaterThan(0);
  });

  it('learns the length of what nobody knows beforehand', async () => {
    const { checks } = await check('good', {});
    expect(checks.every(({ ok }) => ok)).toBe(true);
    expect(checks.find(({ name }) => name === 'suffix')?.got).toBe(
      `206, bytes ${size - 16}-${size - 1}/${size}, 16 B`,
    );
  });

  it('asks for no range behind the end', async () => {
    await check('good');
    const firsts = server.requests.map(({ headers }) =>
      Number(/=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0),
    );
    expect(Math.max(...firsts)).toBeLessThan(size);
  });

  it('says when there is no answer, and ends when nobody waits any more', async () => {
    const nobody = { url: 'http://127.0.0.1:9/', type: 'video/mp4' };
    const { checks } = await checkHttp(nobody, { signal: AbortSignal.timeout(20_000) });
    expect(checks).toEqual([{ name: 'reached', ok: false, got: '-', wanted: '206' }]);
    await expect(checkHttp(nobody, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
