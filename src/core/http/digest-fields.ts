import { parseDictionary, type Dictionary } from 'structured-headers';
import { ProblemError } from '../problem/index.js';

/** The hash algorithms of RFC 9530 §5 that are not deprecated, and the length of their digests in bytes. */
const LENGTHS = { 'sha-256': 32, 'sha-512': 64 } as const;

/** By their names there. */
export type DigestAlgorithm = keyof typeof LENGTHS;

/** Digests of the same bytes, by algorithm. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, Uint8Array>>>;

const ALGORITHMS = Object.keys(LENGTHS) as DigestAlgorithm[];

/**
 * Reads Content-Digest or Repr-Digest (RFC 9530 §2, §3), a dictionary of byte sequences. Algorithms that are not known
 * are left out, as they must be.
 * @throws ProblemError malformed-request
 */
export function parseDigests(name: string, value: string): Digests {
  const dictionary = parseField(name, value);
  const digests: Partial<Record<DigestAlgorithm, Uint8Array>> = {};
  for (const algorithm of ALGORITHMS) {
    const [item] = dictionary.get(algorithm) ?? [];
    if (item === undefined) continue;
    if (!(item instanceof ArrayBuffer) || item.byteLength !== LENGTHS[algorithm]) {
      throw malformed(name, `needs ${LENGTHS[algorithm]} bytes of base64 between colons for ${algorithm}`);
    }
    digests[algorithm] = new Uint8Array(item);
  }
  return digests;
}

/** Prints digests as a dictionary. */
export function formatDigests(digests: Digests): string {
  return ALGORITHMS.flatMap((algorithm) => {
    const digest = digests[algorithm];
    return digest ? [`${algorithm}=:${Buffer.from(digest).toString('base64')}:`] : [];
  }).join(', ');
}

/**
 * The algorithm that Want-Repr-Digest (RFC 9530 §4) prefers among those known; undefined when it wants none of them.
 * @throws ProblemError malformed-request
 */
export function wantedDigest(name: string, value: string): DigestAlgorithm | undefined {
  const dictionary = parseField(name, value);
  let best: DigestAlgorithm | undefined;
  let most = 0; // 0 is "not acceptable"
  for (const algorithm of ALGORITHMS) {
    const [preference = 0] = dictionary.get(algorithm) ?? [];
    if (!Number.isInteger(preference) || Number(preference) < 0 || Number(preference) > 10) {
      throw malformed(name, `needs a whole number from 0 to 10 for ${algorithm}`);
    }
    if (Number(preference) > most) [best, most] = [algorithm, Number(preference)];
  }
  return best;
}

function parseField(name: string, value: string): Dictionary {
  try {
    return parseDictionary(value);
  } catch {
    throw malformed(name, 'is no dictionary of structured fields (RFC 9651)');
  }
}

function malformed(name: string, fault: string): ProblemError {
  return new ProblemError('malformed-request', `The field ${name} ${fault}.`);
}
