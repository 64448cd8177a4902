import type { Permission } from './requires.decorator.js';

/** Who makes a request, and what they may do. */
export interface Principal {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** Everybody who has not said who they are. The server is read-only, and reading is open to whoever reaches it. */
export const ANONYMOUS: Principal = { name: 'anonymous', permissions: ['read'] };
