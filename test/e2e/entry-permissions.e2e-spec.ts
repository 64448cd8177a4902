import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Entry } from '../../src/browse/entry.js';
import { parseRules } from '../../src/core/access/index.js';
import type { Reply } from '../support/http-client.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { basic, user } from '../support/users.js';

const ENTRIES = '/api/v1/entries';
const ALICE = basic('alice', 'right');
const ROOT = basic('root', 'toor');

/** By path, the first letters of the permissions of everything in an answer. */
function permissionsIn({ json }: Reply): Record<string, string> {
  const { entries = [], ...entry } = json as unknown as Entry & { entries?: readonly Entry[] };
  return Object.fromEntries(
    [entry, ...entries].map(({ path: where, permissions }) => [
      `/${where}`,
      permissions.map((permission) => permission[0]).join(''),
    ]),
  );
}

describe('the permissions of an entry', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({
      users: [
        user('alice', 'right', '/music:rwd,/music/kept:r,/closed/inner:rw'),
        user('root', 'toor', '/:a'),
      ],
      rules: parseRules('/closed:-'),
    });
    for (const file of ['open.txt', 'music/song.mp3', 'music/kept/old.mp3', 'closed/inner/a.txt']) {
      await mkdir(path.dirname(path.join(playhead.root, file)), { recursive: true });
      await writeFile(path.join(playhead.root, file), file);
    }
  });
  afterAll(() => playhead.close());

  const read = async (url: string, headers = {}) =>
    permissionsIn(await playhead.http.get(`${ENTRIES}${url}`, headers));
  const send = async (method: string, url: string, body: unknown) => {
    const headers = { ...ALICE, 'Content-Type': 'application/json' };
    const reply = await playhead.http.send(url, { method, headers, body: JSON.stringify(body) });
    expect(reply.status).toBeLessThan(300);
    return reply;
  };

  it('are those of its reader, by the rules for its path, whoever else may do more', async () => {
    expect(await read('')).toEqual({ '/': 'r', '/music': 'r', '/open.txt': 'r' });
    expect(await read('', ALICE)).toEqual({
      '/': 'r',
      '/closed': '',
      '/music': 'rwd',
      '/open.txt': 'r',
    });
    expect(await read('', ROOT)).toEqual({
      '/': 'rwda',
      '/closed': 'rwda',
      '/music': 'rwda',
      '/open.txt': 'rwda',
    });
  });

  it('are told of a folder, of what is in it, and of a file alone', async () => {
    expect(await read('/music', ALICE)).toEqual({
      '/music': 'rwd',
      '/music/kept': 'r',
      '/music/song.mp3': 'rwd',
    });
    expect(await read('/music/kept', ALICE)).toEqual({ '/music/kept': 'r', '/music/kept/old.mp3': 'r' });
    expect(await read('/music/song.mp3', ALICE)).toEqual({ '/music/song.mp3': 'rwd' });
    expect(await read('/closed', ALICE)).toEqual({ '/closed': '', '/closed/inner': 'rw' });
  });

  it('are to read alone by a link, whoever made it and whoever asks', async () => {
    const { json } = await send('POST', '/api/v1/links', { path: 'music' });
    const byLink = `${String(json.prefix)}${ENTRIES}/music`;
    for (const headers of [{}, ROOT]) {
      expect(permissionsIn(await playhead.http.get(byLink, headers))).toEqual({
        '/music': 'r',
        '/music/kept': 'r',
        '/music/song.mp3': 'r',
      });
    }
  });

  it('are told of what was made, copied, moved, changed among many, and restored', async () => {
    const made = await send('POST', `${ENTRIES}/music/new`, { kind: 'folder' });
    expect(permissionsIn(made)).toEqual({ '/music/new': 'rwd' });
    const copied = await send('POST', `${ENTRIES}/closed/inner/b.mp3`, { copyFrom: 'music/song.mp3' });
    expect(permissionsIn(copied)).toEqual({ '/closed/inner/b.mp3': 'rw' });
    await send('POST', `${ENTRIES}/music/first.mp3`, { copyFrom: 'music/song.mp3' });
    const moved = await send('PATCH', `${ENTRIES}/music/first.mp3`, { path: 'closed/inner/c.mp3' });
    expect(permissionsIn(moved)).toEqual({ '/closed/inner/c.mp3': 'rw' });
    const { json } = await send('POST', ENTRIES, {
      operations: [
        { op: 'copy', from: 'music/song.mp3', to: 'music/many.mp3' },
        { op: 'delete', path: 'music/many.mp3' },
      ],
    });
    const [copy, deleted] = json.results as [{ entry: Entry }, { trashEntry: { id: string } }];
    expect(copy.entry.permissions).toEqual(['read', 'write', 'delete']);
    const restored = await send('POST', `/api/v1/trash/${deleted.trashEntry.id}/restore`, {
      path: 'closed/inner/d.mp3',
    });
    expect(permissionsIn(restored)).toEqual({ '/closed/inner/d.mp3': 'rw' });
  });

  it.each([
    ['one that is only read', {}, 'r'],
    ['one that everybody may write to', { write: true }, 'rwd'],
  ])('on a server without users, %s, are what everybody may do', async (_, settings, expected) => {
    const other = await startPlayhead(settings);
    try {
      await writeFile(path.join(other.root, 'a.txt'), '');
      expect(permissionsIn(await other.http.get(ENTRIES))).toEqual({ '/': expected, '/a.txt': expected });
    } finally {
      await other.close();
    }
  });
});
