import type { Request } from 'express';
import type { AccessRules } from '../core/access/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';

/** Who makes a request, and what they may do. */
export interface Principal {
  /** Null for everybody who has not said who they are. */
  readonly name: string | null;
  readonly rules: AccessRules;
  /** The link that the request goes by, when it does: `name` is then nobody's. */
  readonly link?: {
    readonly id: string;
    /** What who made it may do: for what comes along with a file that is shared. The link itself opens only `rules`. */
    readonly maker: AccessRules;
    /** Whether files are sent for saving only. */
    readonly download: boolean;
  };
}

/** A session that a request has proved to belong to. */
export interface LiveSession {
  /** SHA-256 of its id. */
  readonly digest: string;
  readonly name: string;
  /** The same for all ids that the login has had. */
  readonly login: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** A request that has passed the guard. In an application with a guard of its own, nobody has been looked for. */
export type AuthorizedRequest = Request &
  IdentifiedRequest & {
    principal?: Principal;
    session?: LiveSession;
  };

/** Whether an answer is for one person, so that no shared cache may give it to another (RFC 9111 §5.2.2.7). */
export function isPersonal({ principal }: Pick<AuthorizedRequest, 'principal'>): boolean {
  return principal !== undefined && principal.name !== null;
}
