import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';

/** What a browser sends over plain http, to a name that is not of its own machine. */
const BROWSER = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  'Accept-Encoding': 'gzip, deflate',
  'Accept-Language': 'en-US,en;q=0.9',
};
/** Any of the fields is enough, and none that a page can add is of any help. */
const DISGUISES = [
  BROWSER,
  { 'Accept-Encoding': 'identity' },
  { 'Accept-Language': '' },
  { 'User-Agent': 'Mozilla/5.0' },
  { ...BROWSER, 'X-Forwarded-Host': 'localhost', 'X-Forwarded-Proto': 'https', Forwarded: 'proto=https' },
];

describe('a browser that comes by the name', () => {
  let playhead: Playhead;
  let configured: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ write: true });
    configured = await startPlayhead({ hosts: ['Media.example', '*.example.org'] });
    for (const { root } of [playhead, configured]) await writeFile(path.join(root, 'a.txt'), 'hello');
  });
  afterAll(() => Promise.all([playhead.close(), configured.close()]));

  const statusOf = async ({ http }: Playhead, host: string, headers = {}) =>
    (await http.get('/files/a.txt', { Host: host, ...headers })).status;

  it.each([
    'evil.example:8000',
    'evil.example.',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocal.example',
  ])('%s is refused, and told why', async (host) => {
    for (const disguise of DISGUISES) expect(await statusOf(playhead, host, disguise)).toBe(421);
    const reply = await playhead.http.send('/api/v1/session', {
      method: 'POST',
      headers: { Host: host, Origin: `http://${host}`, ...BROWSER },
    });
    expect(reply).toMatchObject({ status: 421, json: { type: '/problems/misdirected-request' } });
    expect(reply.text).toContain('hosts');
    expect(reply.headers.connection).toBe('close');
  });

  it.each([
    '127.0.0.1',
    '192.168.1.7:8000',
    '[::1]:8000',
    'localhost:1',
    'a.localhost',
    'nas',
    'nas.local.',
    'NAS.home.arpa',
  ])('%s is answered', async (host) => {
    expect(await statusOf(playhead, host, BROWSER)).toBe(200);
  });

  it('of the settings is answered, and names below it where they say so', async () => {
    for (const host of ['media.example', 'MEDIA.example:80', 'a.example.org', 'b.a.example.org'])
      expect(await statusOf(configured, host, BROWSER)).toBe(200);
    for (const host of ['a.media.example', 'example.org', 'notexample.org', 'evil.example'])
      expect(await statusOf(configured, host, BROWSER)).toBe(421);
  });

  it('of any kind is answered by https, on behalf of a trusted proxy, to programs, and where all are', async () => {
    expect(await statusOf(playhead, 'media.example', { ...BROWSER, 'Sec-Fetch-Site': 'none' })).toBe(200);
    expect(await statusOf(playhead, 'media.example', { 'User-Agent': 'VLC/3.0.20 LibVLC/3.0.20' })).toBe(200);
    expect(await statusOf(playhead, 'media.example')).toBe(200);
    for (const settings of [{ hosts: ['*'] }, { trustedProxies: ['127.0.0.1'] }]) {
      const other = await startPlayhead({ ...settings, root: playhead.root });
      expect(await statusOf(other, 'media.example', BROWSER)).toBe(200);
      await other.close();
    }
  });
});
