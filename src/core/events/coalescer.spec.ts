import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Coalescer } from './coalescer.js';

describe('Coalescer', () => {
  it('passes the first at once, then the newest of each interval, and never loses the last', async () => {
    const passed: number[] = [];
    const coalescer = new Coalescer<number>(40, (value) => passed.push(value));
    for (const value of [1, 2, 3]) coalescer.offer('job', value, false);
    expect(passed).toEqual([1]);
    await sleep(60);
    expect(passed).toEqual([1, 3]);
    coalescer.offer('job', 4, false);
    coalescer.offer('other', 10, false);
    coalescer.offer('job', 5, true);
    expect(passed).toEqual([1, 3, 10, 5]);
    await sleep(80);
    expect(passed).toEqual([1, 3, 10, 5]);
    coalescer.offer('job', 6, false);
    coalescer.offer('job', 7, false);
    coalescer.close();
    await sleep(60);
    expect(passed).toEqual([1, 3, 10, 5, 6]);
  });
});
