import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/http-client.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly links: Record<string, string>;
}

describe('entries', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
    const at = (name: string) => path.join(playhead.root, name);
    await mkdir(at('films/extras'), { recursive: true });
    await mkdir(at('empty'));
    for (const [name, content] of [
      ['films/part 10.mp4', 'ten'],
      ['films/part 2.mp4', 'twelve'],
      ['films/Été.mkv', 'summer'],
      ['films/part 2.srt', '1'],
      ['films/notes.txt', 'text'],
      ['films/.hidden.mp4', 'hidden'],
      ['films/extras/more.mp4', 'more'],
    ] as const) {
      await writeFile(at(name), content);
    }
    await symlink('../films/notes.txt', at('empty/link.txt'));
    await symlink('/etc/passwd', at('films/leak'));
    await mkdir(at('many'));
    await Promise.all(
      Array.from({ length: 1234 }, (_, index) => writeFile(at(`many/file ${index}.mp3`), '')),
    );
    // The clock tick in which a file was written has passed: its tag is settled.
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  afterAll(() => playhead.close());

  const get = (url: string, headers = {}) => playhead.http.get(`/api/v1/entries/${url}`, headers);
  const entriesOf = ({ json }: Reply) => json.entries as Listed[];
  const names = async (url: string, headers = {}) =>
    entriesOf(await get(url, headers)).map(({ name }) => name);

  it('tells a file, with the tag that /files sends', async () => {
    const { json, headers } = await get('films/part%202.mp4');
    const file = await playhead.http.head('/files/films/part%202.mp4');
    expect(json).toEqual({
      name: 'part 2.mp4',
      path: 'films/part 2.mp4',
      kind: 'video',
      mediaType: 'video/mp4',
      size: 6,
      etag: file.headers.etag,
      modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      permissions: ['read'],
      links: {
        self: '/api/v1/entries/films/part%202.mp4',
        file: '/files/films/part%202.mp4',
        stream: '/stream/films/part%202.mp4',
        inspection: '/api/v1/inspections/films/part%202.mp4',
        subtitles: '/api/v1/subtitles/films/part%202.mp4',
      },
    });
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('lists a folder: folders first, natural order, totals, nothing hidden, nothing from outside', async () => {
    const { json } = await get('films');
    expect(json).toMatchObject({
      name: 'films',
      kind: 'folder',
      size: null,
      totals: { folders: 1, files: 5, bytes: 3 + 6 + 6 + 1 + 4 },
      links: { self: '/api/v1/entries/films' },
    });
    expect((json.entries as Listed[]).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'folder extras',
      'video Été.mkv',
      'text notes.txt',
      'video part 2.mp4',
      'subtitle part 2.srt',
      'video part 10.mp4',
    ]);
  });

  it('every link of an entry works', async () => {
    for (const { links } of entriesOf(await get('films'))) {
      expect((await playhead.http.get(links.self!)).status).toBe(200);
      if (links.file) expect((await playhead.http.get(links.file)).status).toBe(200);
    }
  });

  it.each([
    ['films?order=desc', 'part 10.mp4'],
    ['films?sort=size', 'part 2.srt'],
    ['films?sort=type&order=desc', 'part 2.mp4'],
  ])('sorts: %s begins, behind the folders, with %s', async (url, first) => {
    const found = await names(url);
    expect(found[0]).toBe('extras');
    expect(found[1]).toBe(first);
  });

  it('filters by name without regard to case and accents, and totals what matches', async () => {
    const reply = await get('films?q=ETE');
    expect(entriesOf(reply).map(({ name }) => name)).toEqual(['Été.mkv']);
    expect(reply.json.totals).toEqual({ folders: 0, files: 1, bytes: 6 });
    expect(await names('films?q=nothing')).toEqual([]);
  });

  it('pages through everything once, in order, while entries come and go', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/api/v1/entries/many?limit=100';
    let page = 0;
    while (next) {
      const { json } = await playhead.http.get(next);
      expect(json.totals).toMatchObject({ folders: 0, bytes: 0 });
      seen.push(...(json.entries as Listed[]).map(({ name }) => name));
      next = (json.links as Record<string, string>).next;
      // The entry the cursor stands on goes away, and one before it comes.
      if (++page === 3) {
        await rm(path.join(playhead.root, 'many', seen.at(-1)!));
        await writeFile(path.join(playhead.root, 'many/file 0000.mp3'), '');
      }
    }
    expect(page).toBe(13);
    expect(seen).toEqual(Array.from({ length: 1234 }, (_, index) => `file ${index}.mp3`));
  });

  it('shows a change of the folder at once', async () => {
    expect(await names('empty')).toEqual(['link.txt']);
    await writeFile(path.join(playhead.root, 'empty/new.txt'), 'new');
    expect(await names('empty')).toEqual(['link.txt', 'new.txt']);
    await rename(path.join(playhead.root, 'empty/new.txt'), path.join(playhead.root, 'empty/renamed.txt'));
    expect(await names('empty')).toEqual(['link.txt', 'renamed.txt']);
  });

  it('lists the root, with and without a slash', async () => {
    for (const url of ['/api/v1/entries', '/api/v1/entries/']) {
      expect(entriesOf(await playhead.http.get(url)).map(({ name }) => name)).toEqual([
        'empty',
        'films',
        'many',
      ]);
    }
  });

  it('lists hidden names only where they are served, and not when told otherwise', async () => {
    expect(await names('films?hidden=true')).not.toContain('.hidden.mp4');
    const open = await startPlayhead({ root: playhead.root, hidden: true });
    try {
      const listed = async (url: string) =>
        entriesOf(await open.http.get(`/api/v1/entries/${url}`)).map(({ name }) => name);
      expect(await listed('films')).toContain('.hidden.mp4');
      expect(await listed('films?hidden=false')).not.toContain('.hidden.mp4');
    } finally {
      await open.close();
    }
  });

  it.each(['nothing', 'films/nothing', 'films/notes.txt/', 'films/leak', 'films/.hidden.mp4'])(
    'misses %s',
    async (url) => {
      expect((await get(url)).status).toBe(404);
    },
  );

  it.each([
    ['films?sort=colour', 'sort'],
    ['films?order=up', 'order'],
    ['films?limit=0', 'limit'],
    ['films?limit=1001', 'limit'],
    ['films?limit=many', 'limit'],
    ['films?hidden=perhaps', 'hidden'],
    ['films?cursor=x', 'cursor'],
    ['films?cursor=WyJuYW1lIl0', 'cursor'],
    ['films?sorted=name', 'sorted'],
    ['films?q=a&q=b', 'q'],
  ])('refuses %s and names the parameter', async (url, name) => {
    const reply = await get(url);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ type: '/problems/validation-failed', errors: [{ name }] });
  });
});
