import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FolderWatches } from '../../src/events/folder-watches.js';
import { EventListener } from '../support/event-listener.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess } from '../support/playhead-process.js';
import { QUICK_PACE } from '../support/quick-pace.js';
import { begin, get } from '../support/raw-socket.js';

/** What the system keeps for this process: descriptors, and folders it watches. */
function held(): { readonly descriptors: number; readonly watches: number } {
  const fds = readdirSync('/proc/self/fdinfo');
  const infos = fds.map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    } catch {
      return '';
    }
  });
  return { descriptors: fds.length, watches: infos.join('').match(/^inotify wd/gm)?.length ?? 0 };
}

describe('a server with listeners', () => {
  const LIMIT = 200;
  let playhead: Playhead;
  const pace = {
    ...QUICK_PACE,
    events: { ...QUICK_PACE.events, linger: 100, heartbeat: 100, listeners: LIMIT },
  };

  beforeAll(async () => {
    playhead = await startPlayhead({}, pace);
    mkdirSync(path.join(playhead.root, 'a/b'), { recursive: true });
  });
  afterAll(() => playhead.close());

  it('keeps nothing of 1,000 that came and went', async () => {
    const before = held();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const timersBefore = timers();
    for (let round = 0; round < 20; round++) {
      const some = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          EventListener.open(playhead.port, index % 2 ? '?path=a' : '?recursive=false'),
        ),
      );
      expect(held().watches).toBeGreaterThan(before.watches);
      for (const listener of some) listener.close();
    }
    const watches = playhead.app.get(FolderWatches, { strict: false });
    expect(watches.count).toBe(2);
    // The runner of the tests has timers of its own now and then, which soon end.
    const isFree = () => held().watches <= before.watches && timers() <= timersBefore;
    for (let waited = 0; waited < 15_000 && !isFree(); waited += 10) await sleep(10);
    expect(watches.count).toBe(0);
    expect(held().watches).toBe(before.watches);
    // The one descriptor of inotify itself stays with the process.
    expect(held().descriptors).toBeLessThanOrEqual(before.descriptors + 1);
    expect(timers()).toBeLessThanOrEqual(timersBefore);
  });

  it('has a limit on them', async () => {
    const listeners = await Promise.all(
      Array.from({ length: LIMIT }, () => EventListener.open(playhead.port, '?recursive=false')),
    );
    const reply = await playhead.http.get('/api/v1/events');
    expect(reply.status).toBe(503);
    expect(reply.json.type).toBe('/problems/too-many-listeners');
    expect(reply.headers['retry-after']).toBe('30');
    listeners[0]!.close();
    await sleep(50);
    (await EventListener.ready(playhead.port)).close();
    for (const listener of listeners) listener.close();
  });

  it('sends comments to those who hear nothing, before they would be cut', async () => {
    const listener = await EventListener.ready(playhead.port);
    await listener.until(() => listener.comments > 1);
    listener.close();
    const idle = await startPlayhead({ idleTimeout: 0.3 });
    const other = await EventListener.ready(idle.port);
    await other.until(() => other.comments >= 4); // twice the timeout
    expect(other.isEnded).toBe(false);
    other.close();
    await idle.close();
  });

  it('ends their streams as soon as it is told to stop, and exits with 0', async () => {
    const root = await makeFolder();
    const server = PlayheadProcess.start([root, '--port', '0', '--shutdown-grace', '30']);
    try {
      const { port } = await server.listening();
      const listener = await EventListener.ready(port);
      const stalled = await begin(port, get('/api/v1/events'));
      const begun = Date.now();
      server.signal('SIGTERM');
      expect(await server.exited()).toBe(0);
      expect(Date.now() - begun).toBeLessThan(2500);
      expect(listener.isEnded).toBe(true);
      stalled.destroy();
    } finally {
      await server.kill();
      await rm(root, { recursive: true });
    }
  });
});
