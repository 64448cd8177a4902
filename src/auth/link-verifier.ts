import type { ObjectKey } from '../core/path/index.js';
import type { Principal } from './principal.js';

/** Injection token of the {@link LinkVerifier} in use. */
export const LINK_VERIFIER = Symbol('LinkVerifier');

/** Knows what links open. */
export interface LinkVerifier {
  /**
   * Whoever has this link, and asks for this path by it.
   * @throws ProblemError link-invalid, link-expired: neither tells whether there is something
   */
  identify(token: string, key: ObjectKey): Promise<Principal>;
}
