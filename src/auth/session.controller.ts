import { Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Permission } from '../core/access/index.js';
import { PERMISSIONS } from '../core/access/index.js';
import { ROOT_KEY } from '../core/path/index.js';
import { Accounts } from './accounts.js';
import { Audit } from './audit.js';
import { Authenticator } from './authenticator.js';
import type { BasicCredentials } from './basic-credentials.js';
import { Clients } from './clients.js';
import { CurrentPrincipal } from './current-principal.decorator.js';
import { Logins } from './logins.js';
import type { AuthorizedRequest, Principal } from './principal.js';
import { invalidBody, readJson } from './read-json.js';
import { Requires } from './requires.decorator.js';
import { printSessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

/** Bytes of a login. */
const LIMIT = 8192;

/** Who one is to the server, and what one may do. */
export interface SessionResource {
  readonly name: string | null;
  readonly anonymous: boolean;
  /** On the root. */
  readonly permissions: readonly Permission[];
  /** On something, somewhere. */
  readonly anywhere: readonly Permission[];
  /** When the login ends, RFC 3339; null without a session. */
  readonly expires: string | null;
  /** Whether there is anybody who can log in. */
  readonly login: boolean;
}

/** Logging in and out, for the page. */
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly accounts: Accounts,
    private readonly authenticator: Authenticator,
    private readonly logins: Logins,
    private readonly sessions: Sessions,
    private readonly clients: Clients,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Requires('anyone')
  @Header('Cache-Control', 'no-store')
  get(@Req() { session }: AuthorizedRequest, @CurrentPrincipal() principal: Principal): SessionResource {
    return this.#describe(principal, session?.expires);
  }

  /** Whatever session the browser had ends with this. */
  @Post()
  @HttpCode(200)
  @Requires('nothing')
  @Header('Cache-Control', 'no-store')
  async open(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionResource> {
    const account = await this.logins.byForm(request, toCredentials(await readJson(request, LIMIT)));
    const before = this.authenticator.sessionOf(request);
    if (before) {
      this.sessions.end(before.digest);
      await this.sessions.settled();
    }
    const { id, expires } = this.sessions.open(account);
    response.setHeader('Set-Cookie', printSessionCookie(id, expires, this.clients.isSecure(request)));
    return this.#describe(account, expires);
  }

  /** Also when there is no session: then there is nothing to end. */
  @Delete()
  @HttpCode(204)
  @Requires('anyone')
  @Header('Cache-Control', 'no-store')
  async close(
    @Req() request: AuthorizedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    if (request.session) {
      this.sessions.end(request.session.digest);
      await this.sessions.settled();
      this.audit.record(request, { action: 'logout', outcome: 'done' });
    }
    response.setHeader('Set-Cookie', printSessionCookie('', 0, this.clients.isSecure(request)));
  }

  #describe({ name, rules }: Principal, expires?: number): SessionResource {
    return {
      name,
      anonymous: name === null,
      permissions: rules.permissionsAt(ROOT_KEY),
      anywhere: PERMISSIONS.filter((permission) => rules.mayAnywhere(permission)),
      expires: expires === undefined ? null : new Date(expires).toISOString(),
      login: !this.accounts.isEmpty,
    };
  }
}

/** @throws ProblemError validation-failed */
function toCredentials(body: unknown): BasicCredentials {
  const { name, password, ...unknown } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  if (typeof name !== 'string' || typeof password !== 'string' || Object.keys(unknown).length > 0)
    throw invalidBody('must have the members name and password, both text, and no others');
  return { name, password };
}
