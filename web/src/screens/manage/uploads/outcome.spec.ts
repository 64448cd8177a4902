import { describe, expect, it } from '@jest/globals';
import { stepAfter, waitBefore } from './outcome.ts';

describe('stepAfter', () => {
  it.each([
    [0, '', 1, 'again'],
    [0, '', 500, 'again'],
    [409, 'upload-offset-mismatch', 1, 'again'],
    [409, 'conflict', 1, 'conflict'],
    [409, '', 1, 'conflict'],
    [401, 'unauthenticated', 1, 'halt'],
    [507, 'insufficient-storage', 1, 'halt'],
    [429, 'too-many-uploads', 1, 'halt'],
    [429, 'too-many-attempts', 1, 'again'],
    [423, 'upload-locked', 3, 'again'],
    [503, 'storage-unavailable', 7, 'again'],
    [503, 'storage-unavailable', 8, 'fail'],
    [404, 'not-found', 1, 'anew'],
    [404, 'not-found', 3, 'fail'],
    [403, 'forbidden', 1, 'fail'],
    [400, 'invalid-path', 1, 'fail'],
    [413, 'content-too-large', 1, 'fail'],
    [501, 'not-implemented', 1, 'fail'],
  ])('%d %s for the %d. time: %s', (status, kind, failures, step) => {
    expect(stepAfter({ status, kind }, failures)).toBe(step);
  });
});

describe('waitBefore', () => {
  it('waits longer each time, half a minute or so at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => waitBefore(failures, 0.5));
    expect(waits).toEqual([300, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000]);
    expect(waitBefore(7, 1)).toBe(37_500);
  });
});
