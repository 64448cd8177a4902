import { Reflector } from '@nestjs/core';

/** What a route may demand of its caller: to read stored files, or nothing at all. */
export type Permission = 'read' | 'nothing';

/** Declares what a controller or handler demands. A route that declares nothing is refused to everybody. */
export const Requires = Reflector.createDecorator<Permission>();
