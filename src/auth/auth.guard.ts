import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { requestedPath, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { AccessControl } from './access-control.js';
import { Accounts } from './accounts.js';
import { Audit } from './audit.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './clients.js';
import { isSafe, provenanceOf } from './cross-site.js';
import { LINK_VERIFIER, type LinkVerifier } from './link-verifier.js';
import type { AuthorizedRequest } from './principal.js';
import { Requires, type Requirement } from './requires.decorator.js';

/**
 * First step of every route: finds out who asks and whether they may. Closed by default: a route that forgot to
 * declare what it requires is refused, so that a new one cannot be open by accident.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  /** Nobody can log in, and everybody may read everything: then nothing is asked of who reads. */
  readonly #isOpen: boolean;

  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: Accounts,
    private readonly authenticator: Authenticator,
    private readonly access: AccessControl,
    private readonly clients: Clients,
    private readonly audit: Audit,
    @Inject(LINK_VERIFIER) private readonly links: LinkVerifier,
  ) {
    this.#isOpen = accounts.isEmpty && accounts.anonymous.rules.mayThroughout('read', ROOT_KEY);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const required = this.reflector.getAllAndOverride(Requires, [context.getHandler(), context.getClass()]);
    const http = context.switchToHttp();
    const request = http.getRequest<AuthorizedRequest>();
    if (request.link !== undefined) return this.#decideByLink(required, request, request.link);
    if (this.#isOpen && isSafe(request.method) && isReading(required)) {
      request.principal = this.accounts.anonymous;
      return true;
    }
    if (required === undefined) throw new ProblemError('forbidden', 'You may not do this here.');
    return this.#decide(required, request, http.getResponse<Response>());
  }

  async #decide(required: Requirement, request: AuthorizedRequest, response: Response): Promise<true> {
    const provenance = isSafe(request.method) ? 'own' : provenanceOf(request, this.clients);
    // Whoever is asked to change something by another site: the browser adds cookies and Basic by itself, and a page
    // elsewhere may reach a server that takes writes from everybody only through its visitors.
    if (provenance === 'foreign') throw this.#crossSite(request);
    if (required === 'nothing') return true;
    request.principal = await this.authenticator.identify(request, response);
    if (provenance === 'unknown' && request.session) throw this.#crossSite(request);
    this.#demand(required, request);
    return true;
  }

  /** By the link alone: who presents it, and what they may do besides, is not asked. */
  async #decideByLink(
    required: Requirement | undefined,
    request: AuthorizedRequest,
    token: string,
  ): Promise<true> {
    // Of what is open to everybody, links lead to pages, and to what finds out by itself what they open.
    if (isSafe(request.method) && required === 'nothing') return true;
    if (!isSafe(request.method) || (required !== 'read' && required !== 'see'))
      throw new ProblemError('forbidden', 'A link does not lead here.');
    request.principal = await this.links.identify(token, keyOf(request));
    this.#demand(required, request);
    return true;
  }

  #demand(required: Exclude<Requirement, 'nothing'>, request: AuthorizedRequest): void {
    if (required === 'anyone') return;
    if (typeof required === 'object') return this.access.demandAnywhere(request, required.anywhere);
    const key = keyOf(request);
    if (required === 'see') this.access.demandSight(request, key);
    else this.access.demand(request, required, key);
  }

  #crossSite(request: AuthorizedRequest): ProblemError {
    this.audit.record(request, {
      action: request.method,
      outcome: 'refused',
      path: request.path.slice(1),
      reason: 'cross-site',
    });
    return new ProblemError(
      'cross-site-request',
      'A request that changes something must come from a page of this site. Programs that send cookies say so by Origin.',
    );
  }
}

/** What the wildcard of the route names. @throws InvalidPathError */
function keyOf({ params }: AuthorizedRequest): ObjectKey {
  return requestedPath((params as { path?: string[] }).path).key;
}

function isReading(required: Requirement | undefined): boolean {
  if (typeof required === 'object') return required.anywhere === 'read';
  return required === 'read' || required === 'see' || required === 'anyone' || required === 'nothing';
}
