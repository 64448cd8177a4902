import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { type Examination, examine } from '../../src/doctor/examine.js';
import { DEFAULT_LIMITS } from '../../src/doctor/limits.js';
import { Identity } from '../../src/doctor/wire/identity.js';
import { type Playhead, startPlayhead } from '../support/playhead.js';
import { fileUrl, MEDIA, SAMPLES } from '../support/samples.js';
import { AVAILABLE, startCaddy, startNginx, startPython, type WebServer } from '../support/web-servers.js';

const options = {
  limits: DEFAULT_LIMITS,
  insecure: false,
  origin: 'https://example.org',
  userAgent: 'playhead-doctor/test',
};
const doctor = (url: string) => examine(new Identity(new URL(url)), options);
const found = ({ findings }: Examination, ...severities: string[]) =>
  findings.filter(({ severity }) => severities.includes(severity)).map(({ code }) => code);
const FILM = 'video/mp4-moov-first.mp4';

function describeServer(program: keyof typeof AVAILABLE, body: () => void): void {
  describe(program, () => {
    if (AVAILABLE[program]) body();
    else it.skip('is not installed', () => undefined);
  });
}

/** Starts one for a test and closes it behind it. */
async function withServer(starting: Promise<WebServer>, body: (server: WebServer) => Promise<void>) {
  const server = await starting;
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

describe('the doctor, asked about servers as people run them', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES, cors: ['*'] });
  });
  afterAll(() => playhead.close());

  /** What is wrong with a sample itself, whoever serves it. */
  const OWN_FAULTS: Readonly<Record<string, readonly string[]>> = {
    'video/mp4-moov-last.mp4': ['index-at-end'],
    'video/quicktime.mov': ['index-at-end'],
    'video/mp4-hevc-hev1.mp4': ['media-hev1', 'codecs'],
    'video/matroska.mkv': ['codecs'],
    'audio/mp3-vbr-no-xing.mp3': ['media-vbr-without-seek-header'],
    'audio/flac.flac': ['media-no-seek-table'],
  };

  it.each(MEDIA.map(({ path }) => [path]))('finds nothing amiss with Playhead itself: %s', async (sample) => {
    const examination = await doctor(playhead.url + fileUrl(sample));
    expect(
      found(examination, 'failure', 'warning', 'info').filter((code) => code !== 'media-fragmented'),
    ).toEqual(OWN_FAULTS[sample] ?? []);
    expect(examination.media).not.toBeNull();
  });

  describeServer('nginx', () => {
    it('is right as it is', () =>
      withServer(startNginx(`root "${SAMPLES}";`), async ({ url }) => {
        const examination = await doctor(`${url}/${FILM}`);
        expect(found(examination, 'failure', 'warning', 'info')).toEqual(['cors']);
        expect(examination.recognised).toEqual(['nginx']);
      }));

    it('that compresses all it has is told where', () =>
      withServer(startNginx(`root "${SAMPLES}"; gzip on; gzip_types *;`), async ({ url }) => {
        const { findings } = await doctor(`${url}/${FILM}`);
        const finding = findings.find(({ code }) => code === 'compressed-when-offered');
        expect(finding?.lines[0]).toMatchObject({
          server: 'nginx',
          line: expect.stringMatching(/gzip_types/),
        });
      }));

    it('as a proxy that passes ranges on is right', () =>
      withServer(startNginx(`location / { proxy_pass ${playhead.url}; }`), async ({ url }) => {
        expect(found(await doctor(`${url}${fileUrl(FILM)}`), 'failure', 'warning', 'info')).toEqual([]);
      }));

    it('as a proxy that drops ranges is found out', () =>
      withServer(
        startNginx(
          `location / { proxy_pass ${playhead.url}; proxy_set_header Range ""; proxy_force_ranges off; }`,
        ),
        async ({ url }) => {
          const codes = found(await doctor(`${url}${fileUrl(FILM)}`), 'failure', 'warning');
          expect(codes).toEqual(['false-accept-ranges']);
        },
      ));
  });

  describeServer('caddy', () => {
    it('is right as it is', () =>
      withServer(startCaddy(`  root * "${SAMPLES}"\n  file_server`), async ({ url }) => {
        const examination = await doctor(`${url}/${FILM}`);
        expect(found(examination, 'failure', 'warning', 'info')).toEqual(['cors']);
        expect(examination.recognised).toEqual(['Caddy']);
      }));

    it('is right as a proxy, too', () =>
      withServer(startCaddy(`  reverse_proxy ${playhead.url}`), async ({ url }) => {
        expect(found(await doctor(`${url}${fileUrl(FILM)}`), 'failure', 'warning', 'info')).toEqual([]);
      }));
  });

  describeServer('python', () => {
    it('has no ranges', () =>
      withServer(startPython(SAMPLES), async ({ url }) => {
        const examination = await doctor(`${url}/${FILM}`);
        expect(found(examination, 'failure')).toEqual(['no-ranges']);
        expect(found(examination, 'warning')).toEqual([]);
        expect(examination.verdicts).toEqual({ Chrome: 'fails', Firefox: 'fails', Safari: 'fails' });
      }));
  });

  it('express.static is right as it is, but for what it only notes', async () => {
    const server = http.createServer(express().use(express.static(SAMPLES))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const examination = await doctor(`http://127.0.0.1:${port}/${FILM}`);
    server.closeAllConnections();
    server.close();
    expect(found(examination, 'failure', 'warning')).toEqual([]);
    expect(found(examination, 'info')).toEqual(['several-ranges', 'etag-weak', 'cors']);
    expect(examination.recognised).toEqual(['Express']);
  });
});
