import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isOpenedByLinks, linkedTarget, linkPrefix } from '../core/link/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { isSafe } from './cross-site.js';
import type { AuthorizedRequest } from './principal.js';

/** What a URL that goes by a link answers, whatever the one without would. */
const ALLOWED = 'GET, HEAD, OPTIONS';

/**
 * Takes the link out of a request that goes by one: from here on its URL is as it is without, and `link` is the token.
 * @returns whether it does
 * @throws ProblemError not-found where links do not lead, method-not-allowed
 */
export function takeLink(request: IdentifiedRequest): boolean {
  const linked = linkedTarget(request.url!);
  if (!linked) return false;
  request.link = linked.token;
  request.url = linked.target;
  if (!isOpenedByLinks(linked.target)) throw new ProblemError('not-found', 'No link leads here.');
  if (!isSafe(request.method!)) {
    throw new ProblemError(
      'method-not-allowed',
      `This resource allows ${ALLOWED}. By a link one can only read.`,
      {
        headers: { Allow: ALLOWED },
      },
    );
  }
  return true;
}

/** What stands before the paths in an answer, so that they go by the link that the request goes by. */
export function prefixOf({ link }: Pick<IdentifiedRequest, 'link'>): string {
  return link === undefined ? '' : linkPrefix(link);
}

/** {@link prefixOf} as a parameter of a handler. */
export const UrlPrefix = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  prefixOf(context.switchToHttp().getRequest<AuthorizedRequest>()),
);
