import { Controller, Get, Headers, Inject, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccessControl } from '../auth/access-control.js';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Requires } from '../auth/requires.decorator.js';
import { AppConfig } from '../config/app-config.js';
import { ProblemError } from '../core/problem/index.js';
import { closingSignal } from '../server/connections.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { EVENT_LIMITS, type EventLimits } from './event-limits.js';
import { EventPublisher } from './event-publisher.js';
import { EventStream } from './event-stream.js';
import { EventsQueryPipe, type EventsQuery } from './events-query.js';
import { FolderWatches } from './folder-watches.js';
import { isPublic, seesOf } from './sees.js';

/** Tells what happens to the entries of a folder while it happens. */
@Controller('api/v1/events')
@Requires({ anywhere: 'read' })
export class EventsController implements OnModuleDestroy {
  readonly #streams = new Set<EventStream>();

  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly publisher: EventPublisher,
    private readonly watches: FolderWatches,
    private readonly config: AppConfig,
    private readonly access: AccessControl,
    @Inject(EVENT_LIMITS) private readonly limits: EventLimits,
  ) {}

  @Get()
  async get(
    @Query(EventsQueryPipe) query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: AuthorizedRequest,
    @Res() response: Response,
  ): Promise<void> {
    const sees = seesOf(this.access, request);
    const { path: key, recursive } = query;
    if (!isPublic(key, this.config.hidden)) throw new StorageError('missing');
    this.access.demandSight(request, key);
    if ((await this.storage.stat(key)).kind !== 'folder')
      throw new StorageError(sees(key, false) ? 'is-file' : 'missing');
    if (response.destroyed) return;
    if (this.#streams.size >= this.limits.listeners)
      throw new ProblemError('too-many-listeners', 'No more clients can listen to events at the moment.', {
        headers: { 'Retry-After': '30' },
      });
    // Not Express' `set`, which would look up the charset.
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    this.#start(request, response, {
      scope: { key, recursive },
      sees,
      // A browser's own field is newer than the address it was given at first.
      lastEventId: lastEventId ?? query.lastEventId,
      heartbeat: Math.min(this.limits.heartbeat, (this.config.idleTimeout * 1000) / 2),
    });
  }

  onModuleDestroy(): void {
    for (const stream of this.#streams) stream.close();
  }

  #start(request: Request, response: Response, options: ConstructorParameters<typeof EventStream>[3]): void {
    const stream = new EventStream(response, this.publisher.feed, this.limits, options);
    const closing = closingSignal(response);
    const close = () => stream.close();
    this.#streams.add(stream);
    closing?.addEventListener('abort', close);
    // A client may close its half of a connection and still wait for an answer, but hardly for one without an end.
    request.socket.once('end', close);
    response.once('close', () => {
      request.socket.off('end', close);
      closing?.removeEventListener('abort', close);
      this.#streams.delete(stream);
      stream.close();
    });
    void stream.open(this.watches);
    if (closing?.aborted || request.socket.readableEnded) stream.close();
  }
}
