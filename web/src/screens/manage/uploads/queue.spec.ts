import { describe, expect, it } from '@jest/globals';
import type { Item, ItemState } from './item.ts';
import { isUnfinished, Queue, shareOf } from './queue.ts';

let last = 0;
const item = (state: ItemState, size = 100, sent = 0): Item => ({
  id: ++last,
  batch: 'b',
  path: `f${last}`,
  file: undefined,
  size,
  fingerprint: '',
  state,
  sent,
  onConflict: 'fail',
  failures: 0,
  sentBefore: 0,
  isHeldUp: false,
});

function queueOf(...items: Item[]): Queue {
  const queue = new Queue();
  for (const one of items) queue.add(one);
  return queue;
}

describe('Queue', () => {
  it('gives what waits in order, and what waits again when it is rewound', () => {
    const [one, two, three] = [item('waiting'), item('paused'), item('waiting')];
    const queue = queueOf(one, two, three);
    expect(queue.next()).toBe(one);
    one.state = 'running';
    expect(queue.next()).toBe(three);
    three.state = 'running';
    expect(queue.next()).toBeUndefined();
    two.state = 'waiting';
    queue.rewind();
    expect(queue.next()).toBe(two);
  });

  it('goes on behind what was added later', () => {
    const queue = queueOf(item('done'));
    expect(queue.next()).toBeUndefined();
    const next = item('waiting');
    queue.add(next);
    expect(queue.next()).toBe(next);
  });

  it('counts neither what was skipped nor what failed', () => {
    const totals = queueOf(
      item('done', 50, 10),
      item('running', 100, 25),
      item('failed', 1000, 999),
      item('skipped', 1000),
    ).totals();
    expect(totals).toMatchObject({ files: 2, bytes: 150, sent: 75 });
    expect(totals.count).toMatchObject({ done: 1, running: 1, failed: 1, skipped: 1, waiting: 0 });
    expect(isUnfinished(totals)).toBe(true);
  });

  it('is held up only when nothing goes', () => {
    const [one, two] = [item('running'), item('running')];
    one.isHeldUp = true;
    const queue = queueOf(one, two);
    expect(queue.totals().isHeldUp).toBe(false);
    two.isHeldUp = true;
    expect(queue.totals().isHeldUp).toBe(true);
  });

  it('shows first what needs somebody', () => {
    const queue = queueOf(item('done'), item('waiting'), item('running'), item('failed'), item('asking'));
    expect(queue.ordered().map(({ state }) => state)).toEqual([
      'asking',
      'failed',
      'running',
      'waiting',
      'done',
    ]);
  });
});

describe('shareOf', () => {
  it('says that all is there only when it is', () => {
    expect(shareOf(queueOf(item('running', 1000, 1000)).totals())).toBe(0.999);
    expect(shareOf(queueOf(item('done', 1000)).totals())).toBe(1);
  });

  it('counts files where there are no bytes', () => {
    expect(shareOf(queueOf(item('done', 0), item('waiting', 0)).totals())).toBe(0.5);
    expect(shareOf(new Queue().totals())).toBe(0);
  });
});
