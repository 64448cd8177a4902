import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { expect, it } from '@jest/globals';
import { AuthGuard } from './auth.guard.js';
import { Requires } from './requires.decorator.js';

@Requires('read')
class Declared {
  inherited() {}
  @Requires('nothing') open() {}
}
class Forgotten {
  handler() {}
}

const admits = (controller: abstract new () => object, handler: string) =>
  new AuthGuard(new Reflector()).canActivate({
    getClass: () => controller,
    getHandler: () => (controller.prototype as Record<string, unknown>)[handler],
  } as unknown as ExecutionContext);

it('lets everybody read, and refuses a route that declares nothing', () => {
  expect(admits(Declared, 'inherited')).toBe(true);
  expect(admits(Declared, 'open')).toBe(true);
  expect(() => admits(Forgotten, 'handler')).toThrow('may not');
});
