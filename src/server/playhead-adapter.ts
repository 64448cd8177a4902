import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { RequestListener, Server } from 'node:http';
import type { AppConfig } from '../config/app-config.js';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import type { Connections } from './connections.js';
import { createHttpServer } from './http-server.js';
import { messageClasses } from './message-classes.js';
import { allowedMethods } from './route-table.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Nest on Express, on our own HTTP server, with 405 and OPTIONS for every route. */
export class PlayheadAdapter extends ExpressAdapter {
  connections: Connections;
  /** Declared by the base class without a type. */
  declare protected httpServer: Server;

  constructor(
    private readonly config: AppConfig,
    /** See every request before it is looked at. */
    private readonly observers: readonly RequestListener[],
    private readonly isReadOnly: boolean,
  ) {
    const app = express();
    app.set('case sensitive routing', true);
    app.set('etag', false); // the representations' own validators are the only ones
    app.set('x-powered-by', false);
    app.set('query parser', 'simple');
    super(app);
  }

  override initHttpServer(): void {
    const app = this.instance as Express;
    const { server, connections } = createHttpServer(this.config, this.observers, app, messageClasses(app));
    this.httpServer = server;
    this.connections = connections;
  }

  /** A body that can send itself does, without a stream in between. */
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (isSelfSending(body)) return body.sendTo(response);
    return super.reply(response, body, statusCode);
  }

  /** Called by Nest after all routes are in place: what arrives here matched none of them by path and method. */
  override setNotFoundHandler(handler: (...args: unknown[]) => void): unknown {
    return this.use((request: Request, response: Response, next: NextFunction) => {
      const allowed = allowedBy(request, allowedMethods(this.instance as Express, request.path));
      if (allowed.length === 0) return handler(request, response, next);
      const headers = { Allow: allowed.join(', ') };
      if (request.method === 'OPTIONS') return response.status(204).set(headers).end();
      throw new ProblemError(
        'method-not-allowed',
        `This resource allows ${headers.Allow}.${this.isReadOnly ? ' The server is read-only.' : ''}`,
        { headers },
      );
    });
  }
}

/** By a link one can only read, whatever the resource allows besides. */
function allowedBy({ link }: Request & Pick<IdentifiedRequest, 'link'>, methods: string[]): string[] {
  return link === undefined ? methods : methods.filter((method) => READING.has(method));
}

interface SelfSending {
  sendTo(response: Response): unknown;
}

function isSelfSending(body: unknown): body is SelfSending {
  return typeof (body as Partial<SelfSending> | null | undefined)?.sendTo === 'function';
}
