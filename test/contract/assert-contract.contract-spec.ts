import { describe, expect, it } from '@jest/globals';
import { SMALL_PAGE_POLICY } from '../../src/problem/html.js';
import { assertContract } from '../support/contract.js';
import { templateFor } from '../support/contract-path.js';

type Fields = Readonly<Record<string, string | undefined>>;

/** Answers that keep the contract, to be spoilt one field at a time. */
const FILE: Fields = {
  etag: '"abc"',
  'last-modified': 'Sun, 22 Nov 2026 13:10:20 GMT',
  'accept-ranges': 'bytes',
  'content-length': '5',
  'content-type': 'video/mp4',
  'cache-control': 'no-cache, no-transform',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
const RANGE: Fields = { ...FILE, 'content-range': 'bytes 0-4/10' };
const MULTIPART: Fields = { ...FILE, 'content-type': 'multipart/byteranges; boundary=x' };
const PROBLEM: Fields = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
const OPTIONS: Fields = {
  allow: 'GET, HEAD, OPTIONS',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
const JSON_FIELDS: Fields = {
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const notFound = {
  type: '/problems/not-found',
  title: 'Nothing here',
  status: 404,
  detail: 'There is none.',
};
const notAllowed = {
  type: '/problems/method-not-allowed',
  title: 'Method not allowed',
  status: 405,
  detail: 'Use GET.',
};
const tooFar = {
  type: '/problems/range-not-satisfiable',
  title: 'The range lies outside the file',
  status: 416,
  detail: 'No range lies in it.',
  size: 10,
};

const PROBLEM_PAGE = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': SMALL_PAGE_POLICY,
  vary: 'Accept, Sec-Fetch-Dest, Sec-Fetch-Mode',
};

function check(request: string, status: number, headers: Fields, body: unknown): void {
  const [method, path] = request.split(' ') as [string, string];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  assertContract(method, path, { status, headers: sent, body: Buffer.from(text) });
}

describe('assertContract', () => {
  it.each<[string, number, Fields, unknown]>([
    ['GET /files/a/b%20c.mp4?download', 200, FILE, 'bytes'],
    ['GET http://localhost/files/a.mp4', 200, FILE, 'bytes'],
    ['HEAD /files/a.mp4', 200, FILE, ''],
    ['GET /files/a.mp4', 206, RANGE, 'bytes'],
    ['GET /files/a.mp4', 206, MULTIPART, 'bytes'],
    ['GET /files/a', 404, PROBLEM, { ...notFound, listing: '/api/v1/entries/a' }],
    ['GET /files/a.mp4', 416, { ...PROBLEM, 'content-range': 'bytes */10' }, tooFar],
    ['GET /files/a', 404, { ...PROBLEM, ...PROBLEM_PAGE }, '<!doctype html>'],
    ['GET /nowhere', 404, PROBLEM, notFound],
    ['POST /files/a.mp4', 405, { ...PROBLEM, allow: 'HEAD, GET, OPTIONS' }, notAllowed],
    ['OPTIONS /files/a.mp4', 204, OPTIONS, ''],
    ['OPTIONS /health/live', 204, OPTIONS, ''],
    ['OPTIONS *', 204, { ...OPTIONS, allow: 'GET, HEAD, POST, DELETE, OPTIONS' }, ''],
    ['GET /health/live/', 200, JSON_FIELDS, { status: 'ok' }],
  ])('accepts %s -> %d', (request, status, headers, body) => {
    expect(() => check(request, status, headers, body)).not.toThrow();
  });

  it.each<[string, string, number, Fields, unknown, string]>([
    ['an undeclared status', 'GET /files/a', 201, FILE, 'bytes', 'status 201 is not declared'],
    ['a range for HEAD', 'HEAD /files/a', 206, RANGE, '', 'status 206 is not declared'],
    [
      'a missing header',
      'GET /files/a',
      200,
      { ...FILE, etag: undefined },
      'bytes',
      'header ETag is missing',
    ],
    [
      'a weak tag',
      'GET /files/a',
      200,
      { ...FILE, etag: 'W/"abc"' },
      'bytes',
      'header ETag is "W/\\"abc\\""',
    ],
    [
      'a date in another form',
      'GET /files/a',
      200,
      { ...FILE, 'last-modified': '2026-11-22' },
      'bytes',
      'Last-Modified',
    ],
    [
      'a length that is no number',
      'GET /files/a',
      200,
      { ...FILE, 'content-length': 'x' },
      'bytes',
      'must be integer',
    ],
    [
      'a wrong constant',
      'GET /files/a',
      200,
      { ...FILE, 'accept-ranges': 'none' },
      'bytes',
      'Accept-Ranges is "none"',
    ],
    [
      'a header of another answer',
      'GET /files/a',
      404,
      { ...PROBLEM, etag: '"a"' },
      notFound,
      'header etag is not declared',
    ],
    [
      'no media type',
      'GET /files/a',
      200,
      { ...FILE, 'content-type': undefined },
      'bytes',
      'Content-Type is missing',
    ],
    [
      'another media type',
      'GET /files/a',
      404,
      { ...PROBLEM, 'content-type': 'text/plain' },
      notFound,
      'Content-Type is text/plain',
    ],
    [
      'a problem as a page where they are documents',
      'GET /api/v1/entries/a',
      404,
      { ...PROBLEM, ...PROBLEM_PAGE },
      '<!doctype html>',
      'Content-Type is text/html',
    ],
    [
      'a problem as a page without its policy',
      'GET /files/a',
      404,
      { ...PROBLEM, ...PROBLEM_PAGE, 'content-security-policy': undefined },
      '<!doctype html>',
      'header Content-Security-Policy is missing',
    ],
    ['a 206 without Content-Range', 'GET /files/a', 206, FILE, 'bytes', 'header Content-Range is missing'],
    [
      'a multipart with Content-Range',
      'GET /files/a',
      206,
      { ...MULTIPART, ...{ 'content-range': 'bytes 0-1/2' } },
      'x',
      'a multipart answer has a Content-Range',
    ],
    [
      'a 416 without size',
      'GET /files/a',
      416,
      { ...PROBLEM, 'content-range': 'bytes */10' },
      { ...tooFar, size: undefined },
      "must have required property 'size'",
    ],
    [
      'a member nobody declared',
      'GET /files/a',
      404,
      PROBLEM,
      { ...notFound, path: '/srv/a' },
      'must NOT have unevaluated properties: "path"',
    ],
    [
      'a problem under another status',
      'GET /files/a',
      404,
      PROBLEM,
      tooFar,
      '/type must be equal to constant',
    ],
    [
      'an unknown member in plain JSON',
      'GET /health/live',
      200,
      JSON_FIELDS,
      { status: 'ok', pid: 1 },
      'additional properties: "pid"',
    ],
    ['a body that is no JSON', 'GET /files/a', 404, PROBLEM, '<h1>', 'the body is no JSON'],
    ['a body for HEAD', 'HEAD /files/a', 404, PROBLEM, notFound, 'must have none'],
    ['a body in 304', 'GET /files/a', 304, { ...FILE, 'content-type': undefined }, 'x', 'must have none'],
    [
      'a length in 204',
      'OPTIONS /files/a',
      204,
      { ...OPTIONS, 'content-length': '0' },
      '',
      'a 204 has a Content-Length',
    ],
    [
      'OPTIONS without Allow',
      'OPTIONS /docs',
      204,
      { ...OPTIONS, allow: undefined },
      '',
      'header Allow is missing',
    ],
    [
      'a method that Allow forgets',
      'OPTIONS /docs',
      204,
      { ...OPTIONS, allow: 'GET, OPTIONS' },
      '',
      'Allow lists GET, OPTIONS',
    ],
    [
      'a method that Allow invents',
      'POST /files/a',
      405,
      { ...PROBLEM, allow: 'GET, HEAD, OPTIONS, PUT' },
      notAllowed,
      'Allow lists',
    ],
    [
      '405 for a declared method',
      'GET /files/a',
      405,
      { ...PROBLEM, allow: 'GET, HEAD, OPTIONS' },
      notAllowed,
      'status 405 is not declared',
    ],
    ['success at an unknown path', 'GET /nowhere', 200, FILE, 'bytes', 'for unknown paths'],
    [
      'success of an undeclared method',
      'PUT /stream/a',
      200,
      FILE,
      'bytes',
      'for an undeclared PUT /stream/{path}',
    ],
  ])('refuses %s', (_, request, status, headers, body, message) => {
    expect(() => check(request, status, headers, body)).toThrow(message);
  });
});

describe('templateFor', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/?x=/docs', '/'],
    ['/docs', '/docs'],
    ['/docs/', '/docs'],
    ['/docs//', undefined],
    ['/Docs', undefined],
    ['/docs/assets/a.js', '/docs/assets/{name}'],
    ['/docs/assets/a/b.js', undefined],
    ['/files', '/files'],
    ['/files/', '/files'],
    ['/files/a', '/files/{path}'],
    ['/files/a/b/', '/files/{path}'],
    ['/files//', '/files/{path}'],
    ['/filesystem', undefined],
    ['https://host:1/files/a?b#c', '/files/{path}'],
  ])('takes %s for %s', (target, template) => {
    expect(templateFor(target)).toBe(template);
  });
});
