import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../logging/logging.module.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { Clients } from './clients.js';
import type { AuthorizedRequest } from './principal.js';

export interface AuditEntry {
  /** What was to be done: `login`, `logout`, `read`, `write`, `move` ... */
  readonly action: string;
  /** `done`; `failed`: it was tried; `refused`: it was not even tried. */
  readonly outcome: 'done' | 'failed' | 'refused';
  /** Default: who the request has been found to come from. */
  readonly who?: string | null;
  /** What it was about: a key, or the path of a URL without its query. */
  readonly path?: string;
  /** Where it was to go. */
  readonly target?: string;
  /** Default: the address that the request comes from. */
  readonly client?: string;
  /** Why not, or how, in a word or two. */
  readonly reason?: string;
}

/** One line in the log for everything that somebody may ask about later. Never a password, a cookie or a token. */
@Injectable()
export class Audit {
  constructor(
    private readonly clients: Clients,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  record(request: AuthorizedRequest | IdentifiedRequest, entry: AuditEntry): void {
    const principal = 'principal' in request ? request.principal : undefined;
    const who = entry.who ?? principal?.name ?? 'anonymous';
    const { action, outcome, path, reason } = entry;
    const what = `${action}${path === undefined ? '' : ` /${path}`}`;
    this.logger.info(
      { context: 'Audit', reqId: request.id, client: this.clients.addressOf(request), ...entry, who },
      `${who}: ${what} ${outcome}${reason === undefined ? '' : `, ${reason}`}`,
    );
  }
}
