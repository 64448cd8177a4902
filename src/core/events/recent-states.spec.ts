import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ObjectKey } from '../path/index.js';
import { RecentStates } from './recent-states.js';

const a = 'a' as ObjectKey;
const below = 'a/b/c' as ObjectKey;

describe('RecentStates', () => {
  it('lets a change be told once, whoever comes first', () => {
    const states = new RecentStates(1000, 100);
    expect(states.written(a, 'file 1')).toBe(true);
    expect(states.seen(a, 'file 1', 'created')).toBeUndefined();
    expect(states.seen(a, 'file 2', 'changed')).toBe('changed');
    expect(states.written(a, 'file 2')).toBe(false);
    expect(states.written(a, 'absent')).toBe(true);
    expect(states.seen(a, 'absent', 'removed')).toBeUndefined();
    expect(states.seen(a, 'folder', 'created')).toBe('created');
    expect(states.written(a, 'folder')).toBe(false);
  });

  it('never holds back what two writers did', () => {
    const states = new RecentStates(1000, 100);
    expect(states.written(a, 'file 1')).toBe(true);
    expect(states.written(a, 'file 1')).toBe(true);
  });

  it('tells of a creation once, though a watcher comes late and sees more', () => {
    const states = new RecentStates(1000, 100);
    states.written(a, 'file 1');
    expect(states.seen(a, 'file 2', 'created')).toBe('changed');
    states.written(a, 'absent');
    expect(states.seen(a, 'file 3', 'changed')).toBe('created');
  });

  it('tells nothing of what went with its folder', () => {
    const states = new RecentStates(1000, 100);
    states.written(a, 'absent');
    expect(states.seen(below, 'absent', 'removed')).toBeUndefined();
    expect(states.seen('ab/c' as ObjectKey, 'absent', 'removed')).toBe('removed');
  });

  it('forgets after a while, and the oldest when there are too many', async () => {
    const states = new RecentStates(50, 2);
    states.written(a, 'file 1');
    await sleep(80);
    expect(states.seen(a, 'file 1', 'changed')).toBe('changed');
    for (const key of ['b', 'c']) states.written(key as ObjectKey, 'file 1');
    expect(states.seen(a, 'file 1', 'changed')).toBe('changed');
    expect(states.seen('c' as ObjectKey, 'file 1', 'changed')).toBeUndefined();
  });
});
