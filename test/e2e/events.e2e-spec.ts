import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectKey } from '../../src/core/path/index.js';
import { DEFAULT_LIMITS } from '../../src/events/event-limits.js';
import { EventPublisher } from '../../src/events/event-publisher.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/storage/storage-driver.js';
import { EventListener } from '../support/event-listener.js';
import { startEventSource } from '../support/event-source.js';
import { FragileLine } from '../support/fragile-line.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { QUICK_PACE } from '../support/quick-pace.js';
import { begin, get } from '../support/raw-socket.js';

const key = (name: string) => objectKey(name.split('/'));

/** Bytes that the process really uses. */
function inUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('events', () => {
  let playhead: Playhead;
  let publisher: EventPublisher;
  let storage: StorageDriver;
  const at = (name: string) => path.join(playhead.root, name);
  const listen = (query = '', headers = {}) => EventListener.ready(playhead.port, query, headers);

  beforeAll(async () => {
    playhead = await startPlayhead({}, QUICK_PACE);
    publisher = playhead.app.get(EventPublisher, { strict: false });
    storage = playhead.app.get(STORAGE_DRIVER, { strict: false });
    mkdirSync(at('films/old'), { recursive: true });
  });
  afterAll(() => playhead.close());

  it('come as a stream that nobody keeps or holds up', async () => {
    const { headers, status } = await playhead.http.get('/api/v1/events');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(headers['content-encoding']).toBeUndefined();
    const head = await playhead.http.head('/api/v1/events?path=films');
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
  });

  it('tell what other programs do, once each and in order', async () => {
    const listener = await listen();
    expect(listener.events).toMatchObject([{ type: 'status', data: { live: true } }]);
    writeFileSync(at('films/a b.mp4'), '1');
    await listener.toldIn(playhead.root, 1);
    appendFileSync(at('films/a b.mp4'), '2');
    await listener.toldIn(playhead.root, 2);
    writeFileSync(at('.new'), 'replaced');
    renameSync(at('.new'), at('films/a b.mp4'));
    await listener.toldIn(playhead.root, 3);
    renameSync(at('films/a b.mp4'), at('films/c.mp4'));
    await listener.toldIn(playhead.root, 5);
    rmSync(at('films/c.mp4'));
    expect(await listener.toldIn(playhead.root, 6)).toEqual([
      'created films/a b.mp4',
      'changed films/a b.mp4',
      'changed films/a b.mp4',
      'removed films/a b.mp4',
      'created films/c.mp4',
      'removed films/c.mp4',
    ]);
    expect(listener.events[1]!.data).toEqual({
      path: 'films/a b.mp4',
      kind: 'file',
      links: { self: '/api/v1/entries/films/a%20b.mp4', file: '/files/films/a%20b.mp4' },
    });
    listener.close();
  });

  it('of a folder are those below it, or directly in it, and what becomes of it', async () => {
    mkdirSync(at('shelf/box/tin'), { recursive: true });
    const early = await listen();
    await early.toldIn(playhead.root); // that of these folders is behind us
    const [all, direct, other] = await Promise.all([
      listen('?path=shelf/box'),
      listen('?path=shelf/box/&recursive=false'),
      listen('?path=films'),
    ]);
    writeFileSync(at('shelf/box/1'), '1');
    writeFileSync(at('shelf/box/tin/2'), '1');
    writeFileSync(at('shelf/3'), '1');
    const told = await all.toldIn(at('shelf/box'), 2);
    expect(told.sort()).toEqual(['created shelf/box/1', 'created shelf/box/tin/2']);
    expect(direct.entries).toEqual(['created shelf/box/1']);
    publisher.moved(key('shelf'), key('films/shelf'), await storage.stat(key('shelf')));
    expect(await other.toldIn(at('films'), 1)).toEqual(['created films/shelf']);
    expect(all.entries.at(-1)).toBe('removed shelf');
    for (const listener of [early, all, direct, other]) listener.close();
  });

  it('tell of a write through the server once, whoever sees it first', async () => {
    const listener = await listen();
    writeFileSync(at('mine-first'), '1');
    const stat = await storage.stat(key('mine-first'));
    publisher.created(key('mine-first'), stat);
    await listener.toldIn(playhead.root, 1);
    writeFileSync(at('watcher-first'), '1');
    await listener.toldIn(playhead.root, 2);
    publisher.created(key('watcher-first'), await storage.stat(key('watcher-first')));
    await listener.toldIn(playhead.root, 2);
    renameSync(at('mine-first'), at('moved'));
    publisher.moved(key('mine-first'), key('moved'), stat);
    rmSync(at('watcher-first'));
    publisher.removed(key('watcher-first'), 'file');
    expect(await listener.toldIn(playhead.root, 5)).toEqual([
      'created mine-first',
      'created watcher-first',
      'removed mine-first',
      'created moved',
      'removed watcher-first',
    ]);
    expect(listener.events.at(-3)!.data).toMatchObject({ movedTo: 'moved' });
    expect(listener.events.at(-2)!.data).toMatchObject({ movedFrom: 'mine-first' });
    listener.close();
  });

  it('are missed by nobody who comes back with the last id', async () => {
    const first = await listen();
    writeFileSync(at('before'), '1');
    await first.until(() => first.entries.length === 1);
    const other = await listen();
    const { lastId } = first;
    first.close();
    for (const name of ['meanwhile-1', 'meanwhile-2']) {
      writeFileSync(at(name), '1');
      await other.until(() => other.entries.includes(`created ${name}`));
    }
    other.close();
    for (const [query, headers] of [
      ['', { 'Last-Event-ID': lastId }],
      [`?lastEventId=${lastId}`, {}],
      ['?lastEventId=nonsense', { 'Last-Event-ID': lastId }],
    ] as const) {
      const second = await listen(query, headers);
      expect(second.entries).toEqual(['created meanwhile-1', 'created meanwhile-2']);
      expect(second.events.map(({ type }) => type)).toEqual(['entry-created', 'entry-created', 'status']);
      second.close();
    }
  });

  it('are lost by no browser whose line is cut, and none comes twice', async () => {
    mkdirSync(at('cut'));
    const line = await FragileLine.to(playhead.port);
    const source = startEventSource(`http://127.0.0.1:${line.port}/api/v1/events?path=cut`);
    try {
      await source.until((events) => events.length > 0);
      const entries = () => source.events.filter(({ type }) => type === 'entry-created');
      let count = 0;
      const write = () => writeFileSync(at(`cut/${++count}`), '1');
      const cuts = [1, 9, 40, 100, 135]; // bytes of an event, which has some more
      for (const [before, bytes] of cuts.entries()) {
        line.breakAfter(bytes);
        write();
        await source.until(() => line.breaks > before);
        write();
        await source.until(() => entries().length >= count);
        write();
        await source.until(() => entries().length >= count);
      }
      expect(entries().map(({ data }) => data.path)).toEqual(
        Array.from({ length: count }, (_, index) => `cut/${index + 1}`),
      );
      expect(source.events.filter(({ type }) => type === 'reset')).toEqual([]);
      // Each time it stands behind the last event that it has whole: the one before the cut.
      const ids = line.requests.map((head) => /^last-event-id: (.*?)\r$/im.exec(head)?.[1]);
      const whole = [3, 6, 9, 12].map((number) => entries()[number - 1]!.id);
      expect(ids).toEqual([undefined, source.events[0]!.id, ...whole]);
    } finally {
      source.close();
      line.close();
    }
  });

  it.each(['nonsense', '0123456789ab-1'])('begin with a reset for the id %s', async (id) => {
    const listener = await listen('', { 'Last-Event-ID': id });
    expect(listener.events.map(({ type }) => type)).toEqual(['reset', 'status']);
    listener.close();
  });

  it('begin with a reset for who comes from a folder that was not watched, or comes too late', async () => {
    const first = await listen('?path=films');
    const id = first.lastId;
    publisher.removed(key('something'), 'file');
    const elsewhere = await listen('?path=films/old', { 'Last-Event-ID': id });
    expect(elsewhere.events[0]!.type).toBe('reset');
    for (let count = 0; count < DEFAULT_LIMITS.events; count++) publisher.removed(key(`f${count}`), 'file');
    const late = await listen('?path=films', { 'Last-Event-ID': id });
    expect(late.events[0]!.type).toBe('reset');
    for (const listener of [first, elsewhere, late]) listener.close();
  });

  it('never tell what is hidden, is the server’s own, or lies outside', async () => {
    const outside = await makeFolder();
    symlinkSync(outside, at('link'));
    const listener = await listen();
    mkdirSync(at('.playhead'));
    writeFileSync(at('.playhead/key'), '1');
    writeFileSync(at('films/.playhead-upload-1.tmp'), '1');
    writeFileSync(at('.hidden'), '1');
    writeFileSync(path.join(outside, 'secret'), '1');
    publisher.created(key('.hidden'), { kind: 'folder', lastModified: 0 });
    publisher.moved(key('.playhead/trash/f'), key('restored'), { kind: 'folder', lastModified: 0 });
    expect(await listener.toldIn(playhead.root, 1)).toEqual(['created restored']);
    expect(listener.events.at(-1)!.data).not.toHaveProperty('movedFrom');
    listener.close();
    const hidden = await startPlayhead({ hidden: true, root: playhead.root }, QUICK_PACE);
    const other = await EventListener.ready(hidden.port);
    writeFileSync(at('.playhead/key'), '2');
    writeFileSync(at('films/.playhead-upload-2.tmp'), '2');
    writeFileSync(at('.shown'), '1');
    expect(await other.toldIn(playhead.root, 1)).toEqual(['created .shown']);
    other.close();
    await hidden.close();
    await rm(outside, { recursive: true });
  });

  it('refuse what is no folder, and a query that is wrong', async () => {
    writeFileSync(at('plain'), '1');
    const statuses = await Promise.all(
      [
        '?path=plain',
        '?path=nothing',
        '?path=.playhead',
        '?path=../x',
        '?path=a//b',
        '?recursive=maybe',
        '?q=1',
        '?path=a&path=b',
      ].map(async (query) => (await playhead.http.get(`/api/v1/events${query}`)).status),
    );
    expect(statuses).toEqual([404, 404, 404, 400, 400, 400, 400, 400]);
  });

  it('tell the progress of a job a few times a second, and how it ends', async () => {
    const listener = await listen('?path=films');
    const job = { id: 'j1', job: 'optimize', key: key('films/f.mp4'), total: 100 } as const;
    const begun = performance.now();
    for (let written = 0; written < 50; written++) {
      publisher.progressed({ ...job, state: 'running', written });
      await sleep(4);
    }
    publisher.progressed({ ...job, state: 'done', written: 100 });
    const intervals = (performance.now() - begun) / QUICK_PACE.events.progress;
    await listener.until((events) => events.some(({ data }) => data.state === 'done'));
    const heard = listener.events.filter(({ type }) => type === 'job-progress');
    expect(heard.length).toBeGreaterThanOrEqual(3);
    expect(heard.length).toBeLessThanOrEqual(2 + intervals);
    expect(heard.at(-1)!.data).toMatchObject({ state: 'done', progress: { written: 100, total: 100 } });
    listener.close();
  });

  it('do not pile up for who takes nothing: a reset follows', async () => {
    const socket = await begin(playhead.port, get('/api/v1/events'));
    await sleep(200);
    const before = inUse();
    const name = 'x'.repeat(200);
    for (let round = 0; round < 200; round++) {
      for (let count = 0; count < 200; count++) publisher.removed(key(`${name}/${round}/${count}`), 'file');
      await new Promise((resolve) => setImmediate(resolve));
    }
    publisher.removed(key('last'), 'file');
    // Of 25 MB that were sent.
    expect(inUse() - before).toBeLessThan(15 * 2 ** 20);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.resume();
    for (let waited = 0; waited < 5000 && !text.includes('event: reset'); waited += 20) await sleep(20);
    expect(text).toContain('event: reset');
    expect(text).not.toContain('"path":"last"');
    publisher.removed(key('afterwards'), 'file');
    for (let waited = 0; waited < 5000 && !text.includes('afterwards'); waited += 20) await sleep(20);
    expect(text.slice(text.indexOf('event: reset'))).toContain('"path":"afterwards"');
    socket.destroy();
  });

  it('say when the folder goes and when it is back', async () => {
    const root = await makeFolder();
    const other = await startPlayhead({ root }, QUICK_PACE);
    const listener = await EventListener.ready(other.port);
    renameSync(root, `${root}-gone`);
    await listener.until((events) => events.at(-1)!.data.live === false);
    await sleep(5 * QUICK_PACE.events.again);
    // What belongs to no request is in the log of the server that was started first in a process.
    expect(playhead.log.filter(({ msg }) => msg.includes('are not told'))).toHaveLength(1);
    renameSync(`${root}-gone`, root);
    await listener.until((events) => events.at(-1)!.data.live === true);
    expect(listener.events.at(-2)!.type).toBe('reset');
    writeFileSync(path.join(root, 'f'), '1');
    expect(await listener.toldIn(root, 1)).toEqual(['created f']);
    listener.close();
    await other.close();
    await rm(root, { recursive: true });
  });
});
