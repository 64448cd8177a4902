import type { RequestListener } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { USUAL_PACE } from './app.pace.js';
import { Clients } from './auth/clients.js';
import { mayBeChanged } from './auth/everybody.js';
import { takeLink } from './auth/linked-request.js';
import { type AppConfig } from './config/app-config.js';
import { createLogger } from './logging/create-logger.js';
import { NestLogger } from './logging/nest-logger.js';
import { requestLog, type IdentifiedRequest } from './logging/request-log.js';
import { Metrics } from './metrics/metrics.js';
import { observeRequests } from './metrics/observe-requests.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { compressAnswers } from './server/compress-answers.js';
import { PlayheadAdapter } from './server/playhead-adapter.js';

export interface PlayheadApplication {
  readonly app: INestApplication;
  readonly adapter: PlayheadAdapter;
  readonly metrics: Metrics;
}

/** Builds the application as it runs, initialised and not yet listening. Used by the server and by every e2e test. */
export async function createApplication(
  config: AppConfig,
  logger: Logger = createLogger(config),
  pace = USUAL_PACE,
): Promise<PlayheadApplication> {
  const metrics = new Metrics();
  const clients = new Clients(config);
  const log = requestLog(logger, (socket, headers) => clients.addressFrom(socket, headers));
  const observers = [log, observeRequests(metrics)];
  if (config.hsts > 0) observers.push(strictTransport(config, clients));
  const adapter = new PlayheadAdapter(config, observers, !mayBeChanged(config));
  const app = await NestFactory.create(AppModule.forRoot(config, logger, metrics, pace), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(new NestLogger(await app.resolve(PinoLogger)));
  configureApp(app, config);
  await app.init();
  return { app, adapter, metrics };
}

/** On https alone (RFC 6797 §7.2). */
function strictTransport({ hsts }: AppConfig, clients: Clients): RequestListener {
  return (request, response) => {
    if (clients.isSecure(request)) response.setHeader('Strict-Transport-Security', `max-age=${hsts}`);
  };
}

function configureApp(app: INestApplication, config: AppConfig): void {
  app.use((request: Request & IdentifiedRequest, response: Response, next: NextFunction) => {
    request.hasPages = true;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // The URL of a link is a secret, and what it leads to may be a page with links of its own.
    response.setHeader('Referrer-Policy', takeLink(request) ? 'no-referrer' : 'same-origin');
    next();
  });
  app.use(compressAnswers());
  if (config.cors.length > 0) {
    app.enableCors({
      origin: config.cors.includes('*') ? '*' : [...config.cors],
      methods: ['GET', 'HEAD'],
      allowedHeaders: [
        'Range',
        'If-Range',
        'If-Match',
        'If-None-Match',
        'If-Modified-Since',
        'If-Unmodified-Since',
      ],
      exposedHeaders: [
        'Content-Range',
        'Accept-Ranges',
        'Content-Length',
        'ETag',
        'Last-Modified',
        'Content-Disposition',
      ],
      maxAge: 86400,
      // The library only adds its fields; OPTIONS is answered like any other, with Allow and only for what exists.
      preflightContinue: true,
    });
  }
  app.useGlobalFilters(new ProblemFilter());
}
