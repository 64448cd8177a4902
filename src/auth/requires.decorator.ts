import { Reflector } from '@nestjs/core';
import type { Permission } from '../core/access/index.js';

/**
 * What a route demands of its caller:
 * - a permission on the object or folder that its wildcard `*path` names, the root where it names none;
 * - `see`: that a listing may show it, be it as a name that leads to something further down;
 * - `{ anywhere }`: a permission on something; the handler then asks for what it is about to touch;
 * - `anyone`: nothing, but who asks is found out;
 * - `nothing`: not even that.
 */
export type Requirement = Permission | 'see' | { readonly anywhere: Permission } | 'anyone' | 'nothing';

/** Declares what a controller or handler demands. A route that declares nothing is refused to everybody. */
export const Requires = Reflector.createDecorator<Requirement>();
