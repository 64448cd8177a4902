import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { ProblemError } from '../core/problem/index.js';
import { Accounts } from './accounts.js';
import { isBasic, parseBasic } from './basic-credentials.js';
import { challengeFor } from './challenge.js';
import { Clients } from './clients.js';
import { Logins } from './logins.js';
import type { AuthorizedRequest, Principal } from './principal.js';
import { cookieName, printSessionCookie, readCookie } from './session-cookie.js';
import { type FoundSession, Sessions } from './sessions.js';

/**
 * Only answers of the API carry a new id: a page awaits them, while a player breaks off one answer after the other.
 */
const API = '/api/';

/** Finds out who makes a request. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly logins: Logins,
    private readonly clients: Clients,
  ) {}

  /**
   * By a session, otherwise by Basic: a browser goes on sending Basic once it was asked for, whoever logs in by the page
   * later. A cookie that is none of ours, or has had its time, is no cookie; credentials that are wrong are an error.
   * @throws ProblemError unauthenticated, too-many-attempts
   */
  async identify(request: AuthorizedRequest, response: Response): Promise<Principal> {
    if (this.accounts.isEmpty) return this.accounts.anonymous;
    const found = this.sessionOf(request);
    if (found) {
      const { name, login, expires } = found.session;
      request.session = { digest: found.digest, name, login, expires };
      this.#renew(found, request, response);
      return found.account;
    }
    const { authorization } = request.headers;
    if (authorization === undefined || !isBasic(authorization)) return this.accounts.anonymous;
    const credentials = parseBasic(authorization);
    if (!credentials) {
      throw new ProblemError('unauthenticated', 'The Authorization field is not what RFC 7617 calls Basic.', {
        headers: { 'WWW-Authenticate': challengeFor(request) },
      });
    }
    return this.logins.byBasic(request, credentials);
  }

  sessionOf(request: AuthorizedRequest): FoundSession | undefined {
    const { cookie } = request.headers;
    if (cookie === undefined) return undefined;
    const id = readCookie(cookie, cookieName(this.clients.isSecure(request)));
    return id === undefined ? undefined : this.sessions.find(id);
  }

  #renew(found: FoundSession, request: AuthorizedRequest, response: Response): void {
    const issued = request.path.startsWith(API) ? this.sessions.renew(found) : undefined;
    if (issued) {
      const cookie = printSessionCookie(issued.id, issued.expires, this.clients.isSecure(request));
      response.setHeader('Set-Cookie', cookie);
    }
  }
}
