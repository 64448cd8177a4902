import { invalidField } from './invalid-field.js';
import { CHECKSUM_ALGORITHMS } from './protocol.js';

/** The digest that the bytes of one request must have. */
export interface Checksum {
  readonly algorithm: (typeof CHECKSUM_ALGORITHMS)[number];
  readonly digest: Buffer;
}

const LENGTHS = { sha1: 20, md5: 16, sha256: 32 } as const;

/** Reads `Upload-Checksum`: an algorithm, a space, the digest in base64. @throws ProblemError validation-failed */
export function readChecksum(text: string | undefined): Checksum | undefined {
  if (text === undefined) return undefined;
  const [, name, base64 = ''] = /^(\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name);
  if (!algorithm)
    throw invalidField(
      'Upload-Checksum',
      `must be one of ${CHECKSUM_ALGORITHMS.join(', ')}, a space and a digest in base64`,
    );
  const digest = Buffer.from(base64, 'base64');
  if (digest.length !== LENGTHS[algorithm])
    throw invalidField(
      'Upload-Checksum',
      `must have a digest of ${LENGTHS[algorithm]} bytes for ${algorithm}`,
    );
  return { algorithm, digest };
}
