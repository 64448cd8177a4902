import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import { isPersonal, type AuthorizedRequest } from './principal.js';

/**
 * Keeps answers to people who have logged in out of shared caches. No Vary is needed: every stored answer is checked
 * with the server before it is used again (`no-cache`), by a request with the fields of who asks then (RFC 9111 §4.3.1).
 */
@Injectable()
export class PrivateCacheInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    if (isPersonal(http.getRequest<AuthorizedRequest>()))
      http.getResponse<Response>().setHeader('Cache-Control', 'private, no-cache');
    return next.handle();
  }
}
