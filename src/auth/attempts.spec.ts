import { describe, expect, it } from '@jest/globals';
import { Attempts } from './attempts.js';

const SECOND = 1000;

/** Fails as often as is allowed; tells how often that was. */
function fail(attempts: Attempts, address: string, name: string, now: number): number {
  let count = 0;
  while (attempts.take(address, name, now) === 0) count++;
  return count;
}

describe('Attempts', () => {
  it('allows an address ten failures, then one each half minute', () => {
    const attempts = new Attempts();
    expect(fail(attempts, '192.0.2.1', 'a', 0)).toBe(10);
    expect(attempts.take('192.0.2.1', 'b', 0)).toBe(30);
    expect(attempts.take('192.0.2.1', 'b', 29 * SECOND)).toBe(1);
    expect(fail(attempts, '192.0.2.1', 'b', 30 * SECOND)).toBe(1);
    expect(fail(attempts, '192.0.2.1', 'b', 3600 * SECOND)).toBe(10);
  });

  it('leaves other addresses alone, but counts those of one IPv6 network together', () => {
    const attempts = new Attempts();
    fail(attempts, '192.0.2.1', 'a', 0);
    expect(attempts.take('192.0.2.2', 'a', 0)).toBe(0);
    expect(fail(attempts, '2001:db8::1', 'b', 0)).toBe(10);
    expect(attempts.take('2001:db8:0:0:ffff::2', 'b', 0)).toBe(30);
    expect(attempts.take('2001:0db8::ffff', 'b', 0)).toBe(30);
    expect(attempts.take('2001:db8:0:1::1', 'b', 0)).toBe(0);
  });

  it('allows an account thirty failures from anywhere, then one a minute', () => {
    const attempts = new Attempts();
    let count = 0;
    for (let address = 0; address < 40; address++) {
      if (attempts.take(`192.0.2.${address}`, 'alice', 0) === 0) count++;
    }
    expect(count).toBe(30);
    expect(attempts.take('198.51.100.1', 'alice', 0)).toBe(60);
    expect(attempts.take('198.51.100.1', 'bob', 0)).toBe(0);
    expect(attempts.take('198.51.100.2', 'alice', 60 * SECOND)).toBe(0);
    expect(attempts.take('198.51.100.3', 'alice', 60 * SECOND)).toBe(60);
  });

  it('lets the owner in from where they have been before, whoever attacks the account', () => {
    const attempts = new Attempts();
    attempts.take('203.0.113.5', 'alice', 0);
    attempts.giveBack('203.0.113.5', 'alice');
    attempts.welcome('203.0.113.5', 'alice');
    for (let address = 0; address < 100; address++) attempts.take(`192.0.2.${address}`, 'alice', 0);
    expect(attempts.take('192.0.2.200', 'alice', 0)).toBe(60);
    expect(attempts.take('203.0.113.5', 'alice', 0)).toBe(0);
    expect(fail(attempts, '203.0.113.5', 'alice', 0)).toBe(9);
  });

  it('does not count what succeeds', () => {
    const attempts = new Attempts();
    for (let round = 0; round < 100; round++) {
      expect(attempts.take('192.0.2.1', 'alice', 0)).toBe(0);
      attempts.giveBack('192.0.2.1', 'alice');
    }
    expect(fail(attempts, '192.0.2.1', 'alice', 0)).toBe(10);
  });
});
