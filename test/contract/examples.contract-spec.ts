import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/core/access/index.js';
import { contract, deref, type ResponseObject } from '../support/contract-document.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { exchange, get } from '../support/raw-socket.js';
import { SAMPLES } from '../support/samples.js';
import { basic, user } from '../support/users.js';

const CLOSE = 'Connection: close';

const change = (line: string, ...fields: string[]) =>
  [`${line} HTTP/1.1`, 'Host: a', ...fields, CLOSE, '', ''].join('\r\n');
const form = (line: string, ...names: string[]) => {
  const parts = names.map(
    (name) => `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\nhello\r\n`,
  );
  const body = `${parts.join('')}--b--\r\n`;
  return `${change(line, 'Content-Type: multipart/form-data; boundary=b', `Content-Length: ${body.length}`)}${body}`;
};

const TUS = 'Tus-Resumable: 1.0.0';
const WRONG_DIGEST = Buffer.from(`sha-256=:${'A'.repeat(43)}=:`).toString('base64');

/** A request to begin an upload. */
function create(...fields: string[]): string {
  return get('/api/v1/uploads', CLOSE, TUS, ...fields).replace('GET', 'POST');
}

function metadata(path: string): string {
  return `Upload-Metadata: path ${Buffer.from(path).toString('base64')}`;
}

/** A change with this body. */
const changeJson = (method: string, path: string, body?: unknown) => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const fields = [CLOSE, 'Content-Type: application/json', `Content-Length: ${text.length}`];
  return get(path, ...fields).replace('GET', method) + text;
};

/** For each example, `response/name`, a request that is answered by it. */
const REQUESTS: Readonly<Record<string, string>> = {
  'PartialFile/text': get('/files/documents/notes.txt', 'Range: bytes=0-7,359-365', CLOSE),
  'EntryOrListing/file': get('/api/v1/entries/video/mp4-moov-first.mp4', CLOSE),
  'EntryOrListing/folder': get('/api/v1/entries/documents?limit=1', CLOSE),
  'InvalidEntryRequest/query': get('/api/v1/entries?sort=colour', CLOSE),
  'TrashListing/one': get('/api/v1/trash', CLOSE),
  'Deleted/file': changeJson('DELETE', '/files/gone.txt'),
  'ChangedEntry/renamed': changeJson('PATCH', '/api/v1/entries/b.txt', { path: 'new.txt' }),
  'NewEntry/folder': changeJson('POST', '/api/v1/entries/archive', { kind: 'folder' }),
  'ChangeForbidden/root': changeJson('DELETE', '/files'),
  'OperationResults/mixed': changeJson('POST', '/api/v1/entries', {
    operations: [
      { op: 'makeFolder', path: 'bulk' },
      { op: 'move', from: 'a.txt', to: 'bulk' },
    ],
  }),
  'Subtitles/two': get('/api/v1/subtitles/video/mp4-moov-first.mp4', CLOSE),
  'NoSubtitles/text': get('/api/v1/webvtt/documents/notes.txt', CLOSE),
  'NotInspectable/text': get('/api/v1/inspections/documents/notes.txt', CLOSE),
  'NoThumbnail/none': get('/api/v1/thumbnails/documents/notes.txt', CLOSE),
  'Session/anonymous': get('/api/v1/session', CLOSE),
  'Session/basic': get('/api/v1/session', CLOSE, `Authorization: ${basic('alice', 'right').Authorization}`),
  'InvalidLogin/form': get('/api/v1/session', CLOSE).replace('GET', 'POST'),
  'Unauthenticated/closed': get('/files/private/x', CLOSE),
  'Unauthenticated/wrong': get('/files/x', CLOSE, `Authorization: ${basic('alice', 'wrong').Authorization}`),
  'CrossSite/foreign': get('/api/v1/session', CLOSE, 'Sec-Fetch-Site: cross-site').replace('GET', 'DELETE'),
  'TooManyAttempts/guesser': get('/files/x', CLOSE, `Authorization: ${basic('bob', 'last').Authorization}`),
  'UploadList/none': get('/api/v1/uploads', CLOSE),
  'UploadInvalid/length': create(),
  'UploadInvalid/hidden': create('Upload-Length: 9', metadata('.playhead/uploads/x')),
  'UploadInvalid/digest': create('Upload-Length: 0', `${metadata('x')},digest ${WRONG_DIGEST}`),
  'ChangeForbidden/replace': create('Upload-Length: 9', `${metadata('taken.txt')},onConflict cmVwbGFjZQ==`),
  'UploadMissing/unknown': get('/api/v1/uploads/no-such-upload', CLOSE, TUS).replace('GET', 'DELETE'),
  'UploadConflict/taken': create('Upload-Length: 9', metadata('taken.txt')),
  'UploadVersion/missing': get('/api/v1/uploads', CLOSE).replace('GET', 'POST'),
  'UploadTooLarge/limit': create('Upload-Length: 4097', metadata('x')),
  'UploadMediaType/text': create('Upload-Length: 1', metadata('x'), 'Content-Length: 1') + 'x',
  'UploadChecksum/sha1':
    create(
      'Upload-Length: 1',
      metadata('x'),
      'Content-Length: 1',
      'Content-Type: application/offset+octet-stream',
      'Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=',
    ) + 'x',
  'Refused/invalid': get(`/l/${'A'.repeat(84)}/files/x`, CLOSE),
  'NotYours/nobody': get('/api/v1/links', CLOSE),
  'InvalidLinkRequest/tooLong': `${get(
    '/api/v1/links',
    CLOSE,
    `Authorization: ${basic('alice', 'right').Authorization}`,
    'Content-Type: application/json',
    'Content-Length: 32',
  ).replace('GET', 'POST')}{"path":"","expiresIn":31536001}`,
  'Live/live': get('/health/live', CLOSE),
  'Ready/ready': get('/health/ready', CLOSE),
  'MalformedRequest/host': get('/', 'Host: second', CLOSE),
  'MalformedRequest/syntax': get('/', 'no colon', CLOSE),
  'InvalidPath/dots': get('/files/../x', CLOSE),
  'InvalidPath/emptySegment': get('/files//x', CLOSE),
  'InvalidPath/encodedSlash': get('/files/a%2Fb', CLOSE),
  'InvalidPath/nul': get('/files/a%00b', CLOSE),
  'InvalidPath/encoding': get('/files/%FF', CLOSE),
  'InvalidPath/host': get('/files/x', 'Host: second', CLOSE),
  'NoFile/missing': get('/files/video/missing.mp4', CLOSE),
  'NoFile/folder': get('/files/video', CLOSE),
  'RootFolder/root': get('/files', CLOSE),
  'NotFound/url': get('/nope', CLOSE),
  'NotFound/problem': get('/problems/nope', CLOSE),
  'MethodNotAllowed/post': get('/files/x', CLOSE).replace('GET', 'POST'),
  'RequestTimeout/slow': 'GET / HTTP/1.1\r\n',
  'PreconditionFailed/ifMatch': get('/files/documents/notes.txt', 'If-Match: "x"', CLOSE),
  'RangeNotSatisfiable/beyond': get('/files/documents/notes.txt', 'Range: bytes=999-', CLOSE),
  'ExpectationFailed/unknown': get('/', 'Expect: something'),
  'UriTooLong/long': get(`/${'x'.repeat(20_000)}`),
  'MisdirectedRequest/https': get('https://media.example/files/film.mp4'),
  'MisdirectedRequest/host': get('/files/film.mp4', 'Accept-Encoding: gzip').replace(
    'localhost',
    'elsewhere.example:8000',
  ),
  'HeaderFieldsTooLarge/cookies': get('/', `Cookie: ${'x'.repeat(20_000)}`),
  'NotImplemented/coding': get('/', 'Transfer-Encoding: gzip'),
  'InvalidUpload/digest': `${change('PUT /files/x', 'Content-Length: 5', `Repr-Digest: sha-256=:${'A'.repeat(43)}=:`)}hello`,
  'InvalidUpload/part': change('PUT /files/x', 'Content-Range: bytes 0-0/1'),
  'InvalidForm/empty': form('POST /files/documents'),
  'InvalidForm/policy': form('POST /files/documents?onConflict=x'),
  'ChangeForbidden/write': change('PUT /files/x', `Authorization: ${basic('alice', 'right').Authorization}`),
  'Conflict/folder': change('PUT /files/documents'),
  'ContentTooLarge/limit': change('PUT /files/x', 'Content-Length: 99999'),
  'UnsupportedContent/coding': change('PUT /files/x', 'Content-Encoding: gzip'),
  'FormStored/one': form('POST /files/documents', 'hello.txt'),
  'FormPartlyStored/taken': form('POST /files/documents', 'new.txt', 'notes.txt'),
  'NotImplemented/method': get('/').replace('GET', 'FOO'),
  'StorageUnavailable/unmounted': get('/health/ready', CLOSE),
  'HttpVersionNotSupported/http2': get('/').replace('HTTP/1.1', 'HTTP/2.0'),
};

/**
/**
 * What one request cannot bring about here: a permission that root does not lack, an error that nobody foresees, a folder
 * of a hundred thousand files, other downloads under way, a link that is old, a folder that is partly closed; and what
 * takes a thousand connections, which is tested where they are made. And what takes a server that may be written to.
 */
const UNPROVOKED = [
  'Forbidden/denied',
  'Internal/unexpected',
  'Refused/expired',
  'NoLinks/partly',
  'TooManyLinks/many',
  'LinksUnavailable/readOnly',
  'ArchiveTooLarge/many',
  'ArchiveUnavailable/busy',
  'PictureUnusable/text',
  'ThumbnailsImpossible/platform',
  'ThumbnailsUnavailable/busy',
  'InsufficientStorage/full',
  'InvalidUpload/length',
  'EventsUnavailable/crowded',
  'Optimization/done',
  'NotOptimizable/playable',
  'OptimizationsUnavailable/full',
  'UploadConflict/offset',
  'UploadLocked/busy',
  'UploadTooMany/many',
  'UploadFull/full',
];

const examples = new Map<string, unknown>(
  [
    ...Object.entries(contract.components.responses),
    ['MethodNotAllowed', contract['x-undeclared'].method['405']!] as const,
  ].flatMap(([response, object]) =>
    Object.values(deref<ResponseObject>(object).content ?? {}).flatMap((media) =>
      Object.entries(media.examples ?? {}).map(
        ([name, { value }]) => [`${response}/${name}`, value] as const,
      ),
    ),
  ),
);

/** What differs from answer to answer: the id of the request, and the boundary of a multipart body. */
function withoutChance(text: string): string {
  return text
    .replace(/urn:uuid:[0-9a-f-]{36}/g, 'urn:uuid:any')
    .replace(/--[0-9a-f]{24}/g, '--any')
    .replace(/"modified":"[^"]+"/g, '"modified":"any"')
    .replace(/"(deleted|expires)":"[^"]+"/g, '"$1":"any"')
    .replace(/[0-9a-z]{9}-[0-9a-f]{32}/g, 'any')
    .replace(/"etag":"\\"[\w-]{22}\\""/g, '"etag":"any"')
    .replace(/again in (?:29|30) seconds/, 'again in any seconds')
    .replace(/cursor=[\w-]+/g, 'cursor=any')
    .replaceAll('\r\n', '\n');
}

describe('the examples in openapi.yaml', () => {
  let playhead: Playhead;
  let unmounted: Playhead;
  let guarded: Playhead;
  let writable: Playhead;
  let resumable: Playhead;
  let changing: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES, headersTimeout: 1 });
    const root = await makeFolder();
    unmounted = await startPlayhead({ root });
    guarded = await startPlayhead({
      root: SAMPLES,
      users: [user('alice', 'right', '/music:rw')],
      rules: parseRules('/private:-'),
    });
    await rm(root, { recursive: true });
    writable = await startPlayhead({ write: true, maxUploadSize: 99 });
    await mkdir(path.join(writable.root, 'documents'));
    await writeFile(path.join(writable.root, 'documents/notes.txt'), '');
    resumable = await startPlayhead({ rules: parseRules('/:rw'), maxUploadSize: 4096 });
    await writeFile(path.join(resumable.root, 'taken.txt'), 'taken');
    changing = await startPlayhead({ write: true });
    await mkdir(path.join(changing.root, 'old'));
    for (const name of ['a.txt', 'b.txt', 'gone.txt'])
      await writeFile(path.join(changing.root, name), 'some text');
    await changing.http.send('/files/old', { method: 'DELETE' });
  });
  afterAll(() =>
    Promise.all(
      [playhead, unmounted, guarded, writable, resumable, changing].map((server) => server.close()),
    ),
  );

  const serverFor = (name: string) => {
    if (name.startsWith('StorageUnavailable')) return unmounted;
    if (name.startsWith('Upload') || name === 'ChangeForbidden/replace') return resumable;
    if (/^(?:Trash|Deleted|Change(?!Forbidden\/write)|NewEntry|Operation)/.test(name)) return changing;
    if (/^(?:Unauthenticated|TooManyA|Session\/basic|ChangeForbidden|InvalidLinkRequest)/.test(name))
      return guarded;
    const isWriting = /^(?:InvalidUpload|InvalidForm|Conflict|ContentTooLarge|UnsupportedContent|Form)/.test(
      name,
    );
    return isWriting ? writable : playhead;
  };

  it('are all tried', () => {
    expect([...examples.keys()].sort()).toEqual([...Object.keys(REQUESTS), ...UNPROVOKED].sort());
  });

  it.each(Object.keys(REQUESTS))('%s is what the server answers', async (name) => {
    const { port } = serverFor(name);
    // One wrong password has been sent by then: nine more make ten.
    if (name === 'TooManyAttempts/guesser') {
      for (let index = 0; index < 9; index++) await guarded.http.get('/files/x', basic('bob', String(index)));
    }
    const { text } = await exchange(port, REQUESTS[name]!, { ms: 5000 });
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    const example = examples.get(name);
    if (typeof example === 'string') expect(withoutChance(body)).toBe(withoutChance(example));
    else expect(JSON.parse(withoutChance(body))).toEqual(JSON.parse(withoutChance(JSON.stringify(example))));
  });
});
