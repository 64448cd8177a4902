import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthorizedRequest, Principal } from './principal.js';

/** Who asks, as a parameter of a handler. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal =>
    context.switchToHttp().getRequest<AuthorizedRequest>().principal!,
);
