import type { ByteSource } from '../bytes/index.js';
import type { Validators } from './validators.js';

/**
 * One opened version of a resource, ready to be sent whole or in ranges (RFC 9110 §3.2). Whoever receives it closes
 * it; closing twice is harmless.
 */
export interface Representation {
  /** The name a download gets. */
  readonly fileName: string;
  /** Media type without parameters. */
  readonly mediaType: string;
  readonly validators: Validators;
  readonly source: ByteSource;
  /** True when the client asked for a download rather than for playing in place. */
  readonly asAttachment: boolean;
  close(): Promise<void>;
}
