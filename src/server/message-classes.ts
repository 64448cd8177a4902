import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** What `createServer` of `node:http` makes of a request and its answer. */
export interface MessageClasses {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse<IncomingMessage>;
}

/**
 * Requests and answers that are Express' own from the beginning. Express otherwise gives each of them another prototype
 * when it comes in, after which the engine runs whatever touches them more slowly.
 */
export function messageClasses(app: Express): MessageClasses {
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse extends ServerResponse {}
  app.request = Object.setPrototypeOf(ExpressRequest.prototype, app.request as object) as Express['request'];
  app.response = Object.setPrototypeOf(
    ExpressResponse.prototype,
    app.response as object,
  ) as Express['response'];
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}
