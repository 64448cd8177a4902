import { createHash, timingSafeEqual, type Hash } from 'node:crypto';
import type { DigestAlgorithm, Digests } from '../core/http/index.js';
import { StorageError } from './storage-error.js';

/** Computes digests of bytes as they pass: those that are expected, to be held against, and those that are wanted. */
export class DigestComputation {
  readonly #hashes = new Map<DigestAlgorithm, Hash>();

  constructor(
    private readonly expected: Digests = {},
    wanted: readonly DigestAlgorithm[] = [],
  ) {
    for (const algorithm of [...(Object.keys(expected) as DigestAlgorithm[]), ...wanted]) {
      this.#hashes.set(algorithm, createHash(algorithm.replace('-', '')));
    }
  }

  /** Whether there is anything to compute. */
  get isNeeded(): boolean {
    return this.#hashes.size > 0;
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
  }

  /** To be called once, after the last byte. @throws {StorageError} `digest-mismatch` */
  finish(): Digests {
    const computed = [...this.#hashes].map(([algorithm, hash]) => [algorithm, hash.digest()] as const);
    for (const [algorithm, digest] of computed) {
      const expected = this.expected[algorithm];
      const isEqual = !expected || (expected.length === digest.length && timingSafeEqual(expected, digest));
      if (!isEqual) throw new StorageError('digest-mismatch');
    }
    return Object.fromEntries(computed);
  }
}
