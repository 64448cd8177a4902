import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALL_CHECKS } from '../../src/doctor/checks/all-checks.js';
import { examine } from '../../src/doctor/examine.js';
import { DEFAULT_LIMITS } from '../../src/doctor/limits.js';
import { type VisitOptions } from '../../src/doctor/visit.js';
import { Identity } from '../../src/doctor/wire/identity.js';
import { type Fault, type FaultyServer, startFaultyServer } from '../support/faulty-server.js';

const options: VisitOptions = {
  limits: DEFAULT_LIMITS,
  insecure: false,
  origin: 'https://example.org',
  userAgent: 'playhead-doctor/test',
};
const withFields = (fields: NonNullable<Fault['fields']>): Fault => ({ fields });

/** By name: how the server misbehaves, and all that the doctor may say about it. */
const CASES: Readonly<Record<string, readonly [Fault, ...string[]]>> = {
  right: [{}],
  'no ranges': [{ ranges: false }, 'no-ranges'],
  'Accept-Ranges, but always 200': [{ ranges: false, acceptRanges: 'bytes' }, 'false-accept-ranges'],
  '206 without Accept-Ranges': [{ acceptRanges: null }, 'accept-ranges-missing'],
  'no ranges, no length': [{ ranges: false, chunked: true }, 'no-ranges', 'content-length-missing'],
  '206 without Content-Range': [{ contentRange: 'missing' }, 'content-range-missing'],
  'Content-Range without the size': [{ contentRange: 'without-size' }, 'content-range-size'],
  'Content-Range one off': [{ contentRange: 'one-off' }, 'content-range-wrong'],
  'capped ranges': [{ cap: 65_536 }, 'open-range'],
  'slow and capped': [{ cap: 65_536, rate: 2e6 }, 'open-range'],
  'open ranges ignored': [{ ranges: 'closed-only' }, 'open-range'],
  "Safari's range ignored": [{ ranges: 'open-only' }, 'apple-probe'],
  'the whole as a range ignored': [{ ranges: 'not-whole' }, 'whole-range'],
  'a file replaced meanwhile': [{ ifRange: 'not-later' }, 'media-unread'],
  'OPTIONS refused': [{ preflight: 'refused' }, 'cors-preflight'],
  'gzip where offered': [{ gzip: 'offered' }, 'compressed-when-offered'],
  'gzip always': [{ gzip: 'always' }, 'compressed'],
  'octet-stream': [{ type: 'application/octet-stream' }, 'content-type'],
  'octet-stream, nosniff': [
    { type: 'application/octet-stream', fields: { 'X-Content-Type-Options': 'nosniff' } },
    'content-type',
  ],
  'text/plain': [{ type: 'text/plain' }, 'content-type'],
  'text/plain, nosniff': [
    { type: 'text/plain', fields: { 'X-Content-Type-Options': 'nosniff' } },
    'content-type',
  ],
  'no type': [{ type: null }, 'content-type'],
  'the type of another container': [{ type: 'video/webm' }, 'content-type'],
  attachment: [withFields({ 'Content-Disposition': 'attachment; filename="x.mp4"' }), 'attachment'],
  'a slow line': [{ rate: 2e6 }],
  'a slow line without ranges': [{ ranges: false, rate: 2e6 }, 'no-ranges'],
  'a slow start': [{ delay: 1100 }, 'slow-first-byte'],
  'a new ETag each time': [{ etag: 'moving' }, 'etag-unstable'],
  'a weak ETag': [{ etag: 'weak' }, 'etag-weak'],
  'a weak ETag that If-Range passes': [{ etag: 'weak', ifRange: 'ignored' }, 'etag-weak', 'if-range-ignored'],
  'no ETag': [{ etag: 'missing' }, 'etag-missing'],
  'no validators': [{ etag: 'missing', fields: { 'Last-Modified': null } }, 'etag-missing'],
  'no Last-Modified': [withFields({ 'Last-Modified': null }), 'last-modified-missing'],
  'a Last-Modified that is none': [withFields({ 'Last-Modified': 'yesterday' }), 'last-modified-missing'],
  'Cross-Origin-Resource-Policy': [
    withFields({ 'Cross-Origin-Resource-Policy': 'same-origin' }),
    'resource-policy',
  ],
  'a sandbox': [withFields({ 'Content-Security-Policy': "default-src 'none'; sandbox" })],
  cached: [withFields({ 'Cache-Control': 'public, max-age=3600' })],
  'no-store': [withFields({ 'Cache-Control': 'no-store' }), 'no-store'],
  'connections that close': [withFields({ Connection: 'close' }), 'connection-close'],
  'connections that are cut': [{ cut: 100_000 }, 'connection-cut'],
  'status 401': [{ status: 401 }, 'status'],
  'status 404': [{ status: 404 }, 'status'],
  'status 416': [{ status: 416 }, 'status'],
  'status 500': [{ status: 500 }, 'status'],
  'a suffix taken for a prefix': [{ suffix: 'as-prefix' }, 'suffix-range'],
  'a suffix refused': [{ suffix: 'refused' }, 'suffix-range'],
  'past the end refused': [{ pastEnd: 'refused' }, 'range-past-end'],
  'behind the end whole': [{ unsatisfiable: 'whole' }, 'unsatisfiable-range'],
  '416 without the size': [{ unsatisfiable: 'without-size' }, 'unsatisfiable-range'],
  'a malformed range guessed at': [{ malformed: 'guessed' }, 'malformed-range'],
  'of several ranges the first': [{ several: 'first-only' }, 'several-ranges'],
  'several ranges ignored': [{ several: 'ignored' }, 'several-ranges'],
  'other bytes behind a seek': [{ shift: 1 }, 'wrong-bytes'],
  'HEAD refused': [{ head: 'refused' }, 'head-differs'],
  'HEAD with another length': [{ head: 'other-length' }, 'head-differs'],
  'If-Range ignored': [{ ifRange: 'ignored' }, 'if-range-ignored'],
  'If-Range never holds': [{ ifRange: 'never' }, 'if-range-refused'],
  'If-None-Match ignored': [{ ifNoneMatch: 'ignored' }, 'if-none-match'],
  'surplus bytes behind a range': [{ surplusAfter: 206 }, 'connection-poisoned'],
  'a body with 304': [{ surplusAfter: 304 }, 'connection-poisoned'],
  'a body with HEAD': [{ surplusAfter: 'HEAD' }, 'connection-poisoned'],
  'a Content-Length that is too long': [{ lengthOff: 500 }, 'content-length-wrong'],
  'ranges whose Content-Length is too long': [{ rangeLengthOff: 3 }, 'apple-probe', 'content-length-wrong'],
  'one redirect': [{ redirect: '/right/film.mp4' }, 'redirect'],
  'a redirect to itself': [{ redirect: '/loop/film.mp4' }, 'redirect-refused'],
  'a redirect to https': [{ redirect: 'https://127.0.0.1:1/film.mp4' }, 'redirect-refused'],
  'a redirect to a file': [{ redirect: 'file:///etc/passwd' }, 'redirect-refused'],
  'a login page': [{ media: 'page' }, 'web-page'],
  'a text': [{ media: 'text' }, 'unknown-media'],
  'a playlist': [{ media: 'playlist' }, 'unknown-media'],
  'the index at the end': [{ media: 'moov-last' }, 'index-at-end'],
  'the index at the end, no ranges': [{ media: 'moov-last', ranges: false }, 'no-ranges', 'index-at-end'],
  'a file that was cut off': [
    { media: 'truncated' },
    'media-truncated',
    'media-chunk-offset-out-of-file',
    'media-chunk-offset-out-of-file',
  ],
  Matroska: [{ media: 'matroska' }, 'codecs'],
  HEVC: [{ media: 'hevc' }, 'codecs', 'media-hev1'],
  'MP3 as MP4': [{ media: 'mp3', type: 'video/mp4' }, 'content-type'],
  'other origins not allowed': [withFields({ 'Access-Control-Allow-Origin': null }), 'cors'],
  'another origin allowed': [withFields({ 'Access-Control-Allow-Origin': 'https://example.com' }), 'cors'],
  'any origin with credentials': [
    withFields({ 'Access-Control-Allow-Credentials': 'true' }),
    'cors-credentials',
  ],
  'fields not exposed': [withFields({ 'Access-Control-Expose-Headers': null }), 'cors-exposed'],
  'an origin allowed without Vary': [
    {
      fields: { 'Access-Control-Allow-Origin': null },
      fieldsFor: ({ headers: { origin } }) => (origin ? { 'Access-Control-Allow-Origin': origin } : {}),
    },
    'cors-vary',
  ],
  'HEAD without an answer': [{ hangs: 'HEAD' }, 'no-answer'],
  "Safari's range without an answer": [{ hangs: 'bytes=0-1' }, 'no-answer'],
  // What the small Flask server did that this project comes from.
  'the old server': [
    {
      ranges: false,
      type: 'application/octet-stream',
      gzip: 'offered',
      etag: 'missing',
      fields: { 'Access-Control-Allow-Origin': null },
    },
    'no-ranges',
    'content-type',
    'compressed-when-offered',
    'etag-missing',
    'cors',
  ],
};

describe('the doctor names each fault of a server, and nothing else', () => {
  let server: FaultyServer;
  const key = (name: string) => encodeURIComponent(name);
  const examineFault = (name: string) => {
    const requestMs = name.endsWith('without an answer') ? 500 : DEFAULT_LIMITS.requestMs;
    const limits = { ...DEFAULT_LIMITS, requestMs };
    return examine(new Identity(new URL(server.url(key(name)))), { ...options, limits });
  };
  beforeAll(async () => {
    const faults: Record<string, Fault> = { loop: { redirect: '/loop/film.mp4' } };
    for (const [name, [fault]] of Object.entries(CASES)) faults[key(name)] = fault;
    server = await startFaultyServer(faults);
  });
  afterAll(() => server.close());

  it.each(Object.entries(CASES).map(([name, [, ...codes]]) => ({ name, codes })))(
    '$name: $codes',
    async ({ name, codes }) => {
      const { findings } = await examineFault(name);
      expect(findings.map(({ code }) => code).sort()).toEqual([...codes].sort());
    },
    20_000,
  );

  it.each([
    ['the index at the end', 'index-at-end', 'warning'],
    ['the index at the end, no ranges', 'index-at-end', 'failure'],
    ['a file replaced meanwhile', 'media-unread', 'warning'],
    ['no ETag', 'etag-missing', 'info'],
    ['no validators', 'etag-missing', 'warning'],
    ['a weak ETag', 'etag-weak', 'warning'],
    ['a weak ETag that If-Range passes', 'etag-weak', 'info'],
    ['of several ranges the first', 'several-ranges', 'warning'],
    ['several ranges ignored', 'several-ranges', 'info'],
    ['HEAD refused', 'head-differs', 'info'],
    ['a playlist', 'unknown-media', 'info'],
    ['HEAD without an answer', 'no-answer', 'warning'],
    ["Safari's range without an answer", 'no-answer', 'failure'],
  ])('judges %s: %s is a %s', async (name, code, severity) => {
    const { findings } = await examineFault(name);
    expect(findings.find((finding) => finding.code === code)?.severity).toBe(severity);
  });

  it('http where browsers demand https: mixed-content', async () => {
    // Leads to this machine too, but is no loopback address to a browser.
    const url = server.url('right').replace('127.0.0.1', '0.0.0.0');
    const { findings } = await examine(new Identity(new URL(url)), options);
    expect(findings.map(({ code }) => code)).toEqual(['mixed-content']);
  });

  it('knows a case for every check', () => {
    const named = new Set(Object.values(CASES).flatMap(([, ...codes]) => codes));
    const elsewhere = [
      'certificate',
      'certificate-untrusted',
      'mixed-content',
      'not-http',
      'unreachable',
      'media',
    ];
    const missing = ALL_CHECKS.filter(({ code }) => !named.has(code) && !elsewhere.includes(code));
    expect(missing.map(({ code }) => code)).toEqual([]);
  });
});
