import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, of } from 'rxjs';
import type { Principal } from '../auth/principal.js';
import { MemorySource } from '../core/bytes/index.js';
import { AccessRules } from '../core/access/index.js';
import type { Representation } from '../core/http/index.js';
import { RangeInterceptor } from './range.interceptor.js';
import { RepresentationSender } from './representation-sender.js';

const EVERYBODY: Principal = { name: null, rules: new AccessRules([]) };
const ALICE: Principal = { ...EVERYBODY, name: 'alice' };

/** Of a file that has lain for long, so that its header fields are kept from one request to the next. */
const representation: Representation = {
  source: new MemorySource(Buffer.from('film')),
  mediaType: 'video/mp4',
  fileName: 'film.mp4',
  asAttachment: false,
  validators: { etag: { weak: false, opaque: 'abc' }, lastModified: Date.UTC(2020, 0) },
  close: () => Promise.resolve(),
};

function exchange(principal: Principal | undefined) {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'HEAD', principal });
  return { request, response: new ServerResponse(request) };
}

const WAYS: readonly (readonly [string, (principal: Principal | undefined) => Promise<ServerResponse>])[] = [
  [
    'RepresentationSender',
    (principal) => {
      const { request, response } = exchange(principal);
      new RepresentationSender().send(request as never, response, representation);
      return Promise.resolve(response);
    },
  ],
  [
    'RangeInterceptor',
    async (principal) => {
      const { request, response } = exchange(principal);
      const http = { getRequest: () => request, getResponse: () => response };
      const context = { switchToHttp: () => http } as unknown as ExecutionContext;
      const next: CallHandler<Representation> = { handle: () => of(representation) };
      await lastValueFrom(new RangeInterceptor().intercept(context, next));
      return response;
    },
  ],
];

describe.each(WAYS)('%s', (_, answer) => {
  it('hands the Cache-Control of one person to nobody else', async () => {
    const fields = [];
    for (const principal of [ALICE, EVERYBODY, ALICE, undefined])
      fields.push((await answer(principal)).getHeader('Cache-Control'));
    expect(fields).toEqual([
      'private, no-cache, no-transform',
      'no-cache, no-transform',
      'private, no-cache, no-transform',
      'no-cache, no-transform',
    ]);
  });
});
