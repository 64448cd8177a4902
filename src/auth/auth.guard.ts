import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemError } from '../core/problem/index.js';
import { ANONYMOUS, type Principal } from './principal.js';
import { Requires } from './requires.decorator.js';

/**
 * First step of every route: finds out who asks and whether they may. Closed by default: a route that forgot to
 * declare what it requires is refused, so that a new one cannot be open by accident.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const principal: Principal = ANONYMOUS;
    const required = this.reflector.getAllAndOverride(Requires, [context.getHandler(), context.getClass()]);
    if (required === 'nothing' || (required !== undefined && principal.permissions.includes(required)))
      return true;
    throw new ProblemError('forbidden', 'You may not do this here.');
  }
}
