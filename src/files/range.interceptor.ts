import {
  Injectable,
  Logger,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { Representation } from '../core/http/index.js';
import { EmptySlice, FileSlice } from './file-slice.js';
import { RepresentationSender, requestConditions } from './representation-sender.js';

/**
 * Gives any handler that returns a `Representation` byte ranges, preconditions, HEAD and the header fields that go
 * with them. On the way in it reads the conditions, on the way out it plans the answer and hands the body to Nest.
 */
@Injectable()
export class RangeInterceptor implements NestInterceptor<Representation, unknown> {
  private readonly logger = new Logger('Transfer');
  private readonly sender = new RepresentationSender();

  intercept(context: ExecutionContext, next: CallHandler<Representation>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const conditions = requestConditions(request);
    return next.handle().pipe(
      map((representation) => {
        const parts = this.sender.begin(conditions, response, representation);
        if (!parts) return new EmptySlice();
        return new FileSlice(representation, parts)
          .setErrorHandler((error) => this.sender.fail(error, request, response))
          .setErrorLogger((error) => this.logger.debug(error));
      }),
    );
  }
}
