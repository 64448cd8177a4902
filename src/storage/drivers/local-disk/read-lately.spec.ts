import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ReadLately } from './read-lately.js';

const KiB = 1024;
const GiB = 2 ** 30;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('knows what was read, and nothing beside it', () => {
  const lately = new ReadLately(5 * GiB);
  expect(lately.has(0, 1)).toBe(false);
  lately.mark(4 * GiB, 256 * KiB);
  expect(lately.has(4 * GiB, 256 * KiB)).toBe(true);
  expect(lately.has(4 * GiB + 100 * KiB, 10)).toBe(true);
  expect(lately.has(4 * GiB - 1, 2)).toBe(false);
  expect(lately.has(4 * GiB + 250 * KiB, 10 * KiB)).toBe(false);
  expect(lately.has(0, 256 * KiB)).toBe(false);
});

it('forgets after a while, and remembers what is read again and again', () => {
  const lately = new ReadLately(GiB);
  lately.mark(0, 64 * KiB);
  lately.mark(GiB / 2, 64 * KiB);
  jest.advanceTimersByTime(29_000);
  expect(lately.has(0, 64 * KiB)).toBe(true);
  for (let time = 0; time < 12; time++) {
    lately.mark(0, 64 * KiB);
    jest.advanceTimersByTime(3000);
  }
  expect(lately.has(0, 64 * KiB)).toBe(true);
  expect(lately.has(GiB / 2, 64 * KiB)).toBe(false);
  jest.advanceTimersByTime(60_000);
  expect(lately.has(0, 64 * KiB)).toBe(false);
});

it('forgets all when it is told to', () => {
  const lately = new ReadLately(GiB);
  lately.mark(0, 64 * KiB);
  jest.advanceTimersByTime(31_000);
  lately.mark(GiB / 2, 64 * KiB);
  lately.forget();
  expect([lately.has(0, 1), lately.has(GiB / 2, 1)]).toEqual([false, false]);
});

it('keeps no marks of a file for which they would be large', () => {
  const lately = new ReadLately(2 ** 50);
  lately.mark(0, 64 * KiB);
  expect(lately.has(0, 64 * KiB)).toBe(false);
});
