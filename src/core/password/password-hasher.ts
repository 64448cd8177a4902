import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { memoryOf, RECOMMENDED_COST, type ScryptCost, type ScryptHash } from './scrypt-hash.js';
import { Turnstile } from './turnstile.js';

/** Hashes made at a time: each takes 128 MiB and one of the four threads that read files too. */
const AT_ONCE = 2;
const MAY_WAIT = 64;

const SALT_LENGTH = 16;
const DIGEST_LENGTH = 32;

/**
 * Makes and checks hashes of passwords, a few at a time, so that no number of logins exhausts the memory. Passwords are
 * compared in composed form (RFC 8265 §4.2), since keyboards differ in how they send accents.
 */
export class PasswordHasher {
  readonly #turnstile = new Turnstile(AT_ONCE, MAY_WAIT);

  /** @throws TurnstileFullError */
  async hash(password: string, cost: ScryptCost = RECOMMENDED_COST): Promise<ScryptHash> {
    const salt = randomBytes(SALT_LENGTH);
    const digest = await this.#derive(password, salt, DIGEST_LENGTH, cost);
    return { ...cost, salt, digest };
  }

  /** Takes as long whether or not it is the password. @throws TurnstileFullError */
  async verify(password: string, hash: ScryptHash): Promise<boolean> {
    const digest = await this.#derive(password, hash.salt, hash.digest.length, hash);
    return timingSafeEqual(digest, hash.digest);
  }

  #derive(password: string, salt: Buffer, length: number, cost: ScryptCost): Promise<Buffer> {
    const { ln, r, p } = cost;
    const options = { N: 2 ** ln, r, p, maxmem: memoryOf(cost) + 2 ** 20 };
    return this.#turnstile.run(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password.normalize('NFC'), salt, length, options, (error, key) =>
            error ? reject(error) : resolve(key),
          );
        }),
    );
  }
}
