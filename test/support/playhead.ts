import type { INestApplication } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { USUAL_PACE } from '../../src/app.pace.js';
import { createApplication } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { HttpClient } from './http-client.js';

/** A line of the log, parsed. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

/** A server as it runs in production, in this process, on a port of its own. */
export interface Playhead {
  readonly root: string;
  readonly port: number;
  readonly url: string;
  readonly http: HttpClient;
  readonly app: INestApplication;
  /** Everything logged so far, down to debug. */
  readonly log: readonly LogLine[];
  close(): Promise<void>;
}

/** Starts a server on a folder, by default an empty one of its own, which is deleted when it closes. */
export async function startPlayhead(settings: Partial<AppConfig> = {}, pace = USUAL_PACE): Promise<Playhead> {
  const ownRoot = settings.root === undefined ? await makeFolder() : undefined;
  const config = Object.assign(new AppConfig(), { root: ownRoot, port: 0, logLevel: 'debug' }, settings);
  const log: LogLine[] = [];
  const logger = pino(
    { level: config.logLevel },
    { write: (line: string) => log.push(JSON.parse(line) as LogLine) },
  );
  const { app, adapter } = await createApplication(config, logger, pace);
  const server = adapter.getHttpServer();
  await new Promise<void>((resolve) => server.listen(config.port, config.host, resolve));
  const { port } = server.address() as AddressInfo;
  const isSecure = config.tlsCert !== null;
  return {
    root: config.root,
    port,
    url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`,
    http: new HttpClient(port, isSecure),
    app,
    log,
    close: async () => {
      await adapter.connections.drain(0);
      await app.close();
      if (ownRoot) await rm(ownRoot, { recursive: true, force: true });
    },
  };
}

/** A new empty folder; the path has no symbolic link in it. */
export async function makeFolder(): Promise<string> {
  return mkdtemp(path.join(await realpath(tmpdir()), 'playhead-test-'));
}
