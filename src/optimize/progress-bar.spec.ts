import { describe, expect, it } from '@jest/globals';
import { describeProgress } from './progress-bar.js';

const MEBIBYTE = 2 ** 20;

describe('the progress', () => {
  it.each([
    [0, 0, '[--------------------]  0/3 files  0 B of 400 MiB'],
    [100, 2, '[#####---------------]  1/3 files  100 MiB of 400 MiB  50 MiB/s  6 s left'],
    [1, 30, '[--------------------]  1/3 files  1 MiB of 400 MiB  34.1 KiB/s  3:19:30 left'],
    [100, 50, '[#####---------------]  1/3 files  100 MiB of 400 MiB  2 MiB/s  2:30 left'],
    [400, 8, '[####################]  1/3 files  400 MiB of 400 MiB  50 MiB/s  0 s left'],
  ])('after %d MiB and %d s', (mebibytes, seconds, text) => {
    const progress = {
      files: mebibytes && 1,
      allFiles: 3,
      bytes: mebibytes * MEBIBYTE,
      allBytes: 400 * MEBIBYTE,
    };
    expect(describeProgress(progress, seconds)).toBe(text);
  });
});
