import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemorySource } from '../bytes/index.js';
import type { Representation } from './representation.js';
import { readConditions } from './request-conditions.js';
import { planResponse, type ResponsePlan } from './response-plan.js';

const MODIFIED = Date.UTC(2026, 0, 1);
const NOW = Date.UTC(2026, 0, 2);
const BOUNDARY = 'B0UNDARY';

const file = (size: number, rest: Partial<Representation> = {}): Representation => ({
  fileName: 'film.mp4',
  mediaType: 'video/mp4',
  validators: { etag: { weak: false, opaque: 'v1' }, lastModified: MODIFIED },
  source: new MemorySource(Uint8Array.from({ length: size }, (_, index) => index & 0xff)),
  asAttachment: false,
  close: () => Promise.resolve(),
  ...rest,
});
const plan = (headers: Record<string, string>, representation = file(1000), method = 'GET'): ResponsePlan =>
  planResponse(readConditions(method, headers), representation, NOW, BOUNDARY);

/** The bytes a plan would send. */
async function bytesOf(planned: ResponsePlan, { source }: Representation): Promise<Buffer> {
  if (!('body' in planned)) return Buffer.alloc(0);
  const parts = planned.body.map((part) =>
    part instanceof Uint8Array ? Promise.resolve(part) : source.read(part.offset, part.length),
  );
  return Buffer.concat(await Promise.all(parts));
}

describe('planResponse', () => {
  it('describes the whole file', () => {
    expect(plan({})).toEqual({
      kind: 'full',
      status: 200,
      headers: {
        ETag: '"v1"',
        'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
        'Cache-Control': 'no-cache, no-transform',
        'Content-Type': 'video/mp4',
        'Content-Length': '1000',
        'Accept-Ranges': 'bytes',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
      body: [{ offset: 0, length: 1000 }],
    });
  });

  it('plans one range', () => {
    const planned = plan({ range: 'bytes=0-1' });
    expect(planned).toMatchObject({ kind: 'partial', status: 206, body: [{ offset: 0, length: 2 }] });
    expect(planned.headers).toMatchObject({
      'Content-Range': 'bytes 0-1/1000',
      'Content-Length': '2',
      ETag: '"v1"',
    });
  });

  it('lays out several ranges in the order asked (RFC 9110 §15.3.7.2)', async () => {
    const text = file(1000, { mediaType: 'text/plain', fileName: 'a.txt' });
    const planned = plan({ range: 'bytes=900-902,0-1' }, text);
    expect(planned.headers).toMatchObject({ 'Content-Type': `multipart/byteranges; boundary=${BOUNDARY}` });
    expect(planned.headers).not.toHaveProperty('Content-Range');
    const body = await bytesOf(planned, text);
    expect(planned.headers['Content-Length']).toBe(String(body.length));
    expect(body.toString('latin1')).toBe(
      `\r\n--${BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 900-902/1000\r\n\r\n\x84\x85\x86` +
        `\r\n--${BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-1/1000\r\n\r\n\x00\x01` +
        `\r\n--${BOUNDARY}--\r\n`,
    );
  });

  it('answers a single part when only one range is left', () => {
    expect(plan({ range: 'bytes=0-9,5-19' }).headers).toMatchObject({ 'Content-Range': 'bytes 0-19/1000' });
    expect(plan({ range: 'bytes=5000-,0-9' }).headers).toMatchObject({ 'Content-Range': 'bytes 0-9/1000' });
  });

  it.each(['bytes=1000-', 'bytes=-0', 'bytes=5000-6000,7000-'])('refuses %s (§15.5.17)', (range) => {
    const planned = plan({ range });
    expect(planned).toEqual({
      kind: 'unsatisfiable',
      status: 416,
      headers: { 'Content-Range': 'bytes */1000' },
    });
  });

  it.each([
    ['bytes=0-', 416],
    ['bytes=0-0', 416],
    ['bytes=-0', 416],
    ['bytes=-5', 200], // satisfiable, but no Content-Range can say "all 0 bytes"
    ['bytes=5-2', 200],
  ])('an empty file and %s: %d', (range, status) => {
    expect(plan({ range }, file(0)).status).toBe(status);
  });

  it('ignores Range for HEAD (§14.2) and for a false If-Range (§13.1.5)', () => {
    expect(plan({ range: 'bytes=0-1' }, file(1000), 'HEAD')).toMatchObject({ status: 200 });
    expect(plan({ range: 'bytes=0-1', 'if-range': 'W/"v1"' })).toMatchObject({ status: 200 });
    expect(plan({ range: 'bytes=9999-', 'if-range': '"old"' })).toMatchObject({ status: 200 });
    expect(plan({ range: 'bytes=0-1', 'if-range': '"v1"' })).toMatchObject({ status: 206 });
  });

  it('evaluates preconditions before Range (§13.2.2)', () => {
    expect(plan({ range: 'bytes=9999-', 'if-none-match': '"v1"' })).toMatchObject({ status: 304 });
    expect(plan({ range: 'bytes=0-1', 'if-match': '"v2"' })).toMatchObject({ status: 412 });
  });

  it('sends on 304 the validators and cache fields of the 200, and nothing about a body (§15.4.5)', () => {
    expect(plan({ 'if-none-match': '"v1"' }).headers).toEqual({
      ETag: '"v1"',
      'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'Cache-Control': 'no-cache, no-transform',
    });
  });

  it('never dates a file after the answer (§8.8.2.1)', () => {
    const future = file(10, { validators: { etag: { weak: false, opaque: 'f' }, lastModified: NOW + 1e9 } });
    const { headers } = plan({}, future);
    expect(headers).toMatchObject({
      'Last-Modified': 'Fri, 02 Jan 2026 00:00:00 GMT',
      Date: 'Fri, 02 Jan 2026 00:00:00 GMT',
    });
  });

  it.each(['text/html', 'image/svg+xml', 'application/xml', 'text/xml', 'application/xhtml+xml'])(
    'sandboxes %s',
    (mediaType) => {
      expect(plan({}, file(10, { mediaType })).headers['Content-Security-Policy']).toMatch(/sandbox/);
    },
  );

  it('names a download', () => {
    expect(plan({}, file(10, { asAttachment: true })).headers['Content-Disposition']).toBe(
      'attachment; filename="film.mp4"',
    );
  });

  it('adds up for any header: never throws, parts are the Content-Length, at most about the file', async () => {
    const anyRange = fc.oneof(
      fc.string(),
      fc
        .array(fc.tuple(fc.nat(1200), fc.nat(1200), fc.constantFrom('a-b', 'a-', '-a')), { maxLength: 50 })
        .map(
          (list) =>
            `bytes=${list.map(([a, b, form]) => form.replace('a', String(a)).replace('b', String(b))).join(',')}`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(
        anyRange,
        fc.string(),
        fc.string(),
        fc.nat(1000),
        async (range, ifRange, ifNoneMatch, size) => {
          const representation = file(size);
          const planned = plan(
            { range, ...(ifRange && { 'if-range': ifRange }), 'if-none-match': ifNoneMatch },
            representation,
          );
          if (!('body' in planned)) return;
          const sent = await bytesOf(planned, representation);
          expect(planned.headers['Content-Length']).toBe(String(sent.length));
          expect(sent.length).toBeLessThanOrEqual(size + 300);
          for (const part of planned.body) {
            if (part instanceof Uint8Array) continue;
            expect(part.offset + part.length).toBeLessThanOrEqual(size);
          }
        },
      ),
    );
  });

  it('sends 1,000 tiny ranges for about the price of the file', async () => {
    const representation = file(100_000);
    const range = `bytes=${Array.from({ length: 1000 }, (_, index) => `${index * 100}-${index * 100}`).join(',')}`;
    expect((await bytesOf(plan({ range }, representation), representation)).length).toBeLessThanOrEqual(
      100_300,
    );
  });
});
