import { scryptSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PasswordHasher } from './password-hasher.js';
import { formatScryptHash, parseScryptHash } from './scrypt-hash.js';
import { Turnstile, TurnstileFullError } from './turnstile.js';

const CHEAP = { ln: 4, r: 8, p: 1 };

describe('password hashes', () => {
  const hasher = new PasswordHasher();

  it('knows the password it was made of, and no other', async () => {
    const hash = await hasher.hash('secret', CHEAP);
    expect(await hasher.verify('secret', hash)).toBe(true);
    expect(await hasher.verify('Secret', hash)).toBe(false);
    expect(await hasher.verify('', hash)).toBe(false);
  });

  it('salts', async () => {
    const [one, two] = await Promise.all([hasher.hash('secret', CHEAP), hasher.hash('secret', CHEAP)]);
    expect(one.salt.equals(two.salt)).toBe(false);
    expect(one.digest.equals(two.digest)).toBe(false);
  });

  it('takes composed and decomposed letters for the same', async () => {
    const hash = await hasher.hash('été'.normalize('NFC'), CHEAP);
    expect(await hasher.verify('été'.normalize('NFD'), hash)).toBe(true);
  });

  it('is scrypt as others compute it, at the recommended cost', async () => {
    const { ln, r, p, salt, digest } = await hasher.hash('secret');
    expect([ln, r, p]).toEqual([17, 8, 1]);
    const expected = scryptSync('secret', salt, 32, { N: 131072, r: 8, p: 1, maxmem: 2 ** 28 });
    expect(digest.equals(expected)).toBe(true);
  });

  it('goes through text and back', async () => {
    const hash = await hasher.hash('secret', CHEAP);
    const text = formatScryptHash(hash);
    expect(text).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(parseScryptHash(text)).toEqual(hash);
  });

  const SALT = 'A'.repeat(22);
  const DIGEST = 'A'.repeat(43);
  it.each([
    'secret',
    '$scrypt$',
    `$scrypt$ln=17,r=8,p=1$${SALT}`,
    `$scrypt$ln=17,r=8,p=1$${SALT}$${DIGEST}$`,
    `$scrypt$ln=99,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=20,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=0,r=8,p=1$${SALT}$${DIGEST}`,
    `$scrypt$ln=17,r=8,p=99$${SALT}$${DIGEST}`,
    `$scrypt$ln=17,r=8,p=1$AAAA$${DIGEST}`,
    `$scrypt$ln=17,r=8,p=1$${SALT}$AAAA`,
    `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${DIGEST}`,
  ])('refuses %s', (text) => {
    expect(parseScryptHash(text)).toBeUndefined();
  });
});

describe('Turnstile', () => {
  it('lets a few run, some wait in order, and refuses the rest', async () => {
    const turnstile = new Turnstile(2, 2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const task = (index: number) => async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(index);
      running--;
      if (index === 0) throw new Error('failed');
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => turnstile.run(task(index))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(results[0]).toMatchObject({ reason: { message: 'failed' } });
    expect(results[4]).toMatchObject({ reason: expect.any(TurnstileFullError) });
    await turnstile.run(task(5));
    expect(order.at(-1)).toBe(5);
  });
});
