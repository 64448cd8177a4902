import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createApplication, type PlayheadApplication } from './app.setup.js';
import { mayAnybodyWrite } from './auth/everybody.js';
import type { AppConfig } from './config/app-config.js';
import { createMetricsServer } from './metrics/metrics-server.js';
import { checkExposure } from './server/check-exposure.js';
import { checkRoot } from './server/check-root.js';
import { explainListenError, StartError } from './server/start-error.js';
import { startMessage } from './server/start-message.js';
import { regulateHeap } from './heap-growth.js';

/** How long a crash may take to put its last words into the log and finish running transfers, in milliseconds. */
const CRASH_GRACE = 2000;

/** How long after a signal the same one counts as its echo, in milliseconds. */
const ECHO = 1000;

/**
 * Runs the server until it is told to stop; resolves to the exit code.
 * @throws StartError when it cannot start: a message for the person at the terminal.
 */
export async function serve(config: AppConfig, notes: readonly string[]): Promise<number> {
  checkExposure(config, mayAnybodyWrite(config));
  await checkRoot(config.root);
  const application = await createApplication(config);
  const servers = [{ server: application.adapter.getHttpServer(), port: config.port }];
  const metricsServer = createMetricsServer(application.metrics);
  if (/^\d+$/.test(config.metrics)) servers.push({ server: metricsServer, port: Number(config.metrics) });
  try {
    for (const { server, port } of servers) await listen(server, config.host, port);
  } catch (error) {
    metricsServer.close();
    await application.app.close();
    throw error;
  }
  regulateHeap();
  const { port } = application.adapter.getHttpServer().address() as AddressInfo;
  process.stdout.write(startMessage(config, port, [...notes, ...metricsNote(metricsServer)]));
  const exitCode = await untilStopped(application, config);
  metricsServer.closeAllConnections();
  metricsServer.close();
  return exitCode;
}

/** Where the metrics are, when they have a port of their own. */
function metricsNote(server: Server): string[] {
  const address = server.address() as AddressInfo | null;
  return address ? [`metrics are on port ${address.port} at /metrics`] : [];
}

/** @throws StartError */
async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: 1024 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw new StartError(explainListenError(error as NodeJS.ErrnoException, host, port));
  }
}

/**
 * SIGTERM and SIGINT stop accepting and let transfers finish; a later second signal does not wait. One that comes within
 * a moment of the first is its echo: npm passes on what the terminal or supervisor has already sent to the whole group.
 */
function untilStopped({ app, adapter }: PlayheadApplication, config: AppConfig): Promise<number> {
  const logger = new Logger('Server');
  return new Promise((resolve) => {
    let stoppingSince: number | undefined;
    const stop = async (graceMs: number, exitCode: number) => {
      stoppingSince = performance.now();
      const broken = await adapter.connections.drain(graceMs);
      if (broken > 0)
        logger.warn(`${broken} unfinished ${broken === 1 ? 'transfer was' : 'transfers were'} broken off`);
      await app.close();
      resolve(exitCode);
    };
    const onSignal = (signal: NodeJS.Signals, number: number) => {
      if (stoppingSince === undefined) {
        logger.log(
          `${signal}: finishing running transfers, at most ${config.shutdownGrace} s; again to stop at once`,
        );
        void stop(config.shutdownGrace * 1000, 0);
      } else if (performance.now() - stoppingSince > ECHO) {
        process.exit(128 + number);
      }
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    // A state nobody foresaw: say so loudly, let transfers end, leave the restart to the supervisor.
    process.on('uncaughtException', (error, origin) => {
      logger.fatal(error, `${origin}: shutting down`);
      if (stoppingSince === undefined) void stop(CRASH_GRACE, 1);
      else process.exit(1);
    });
  });
}
