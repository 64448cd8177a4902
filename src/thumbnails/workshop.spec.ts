import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Workshop } from './workshop.js';

const STAYS = new AbortController().signal;

/** A workshop whose jobs end when they are told to; `begun` in the order in which they were. */
function workshop(limits = { atWork: 2, waiting: 200 }) {
  const shop = new Workshop<string>(limits);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const order = (id: string, signal = STAYS) =>
    shop.do(id, signal, () => {
      begun.push(id);
      ends.set(id, Promise.withResolvers());
      return ends.get(id)!.promise;
    });
  const finish = async (id: string) => {
    ends.get(id)!.resolve(id.toUpperCase());
    await setTimeout(0);
  };
  return { shop, begun, ends, order, finish };
}

describe('the workshop', () => {
  it('does a few at a time, and what was asked for last first', async () => {
    const { begun, order, finish } = workshop();
    const results = ['a', 'b', 'c', 'd', 'e'].map((id) => order(id));
    expect(begun).toEqual(['a', 'b']);
    await finish('a');
    expect(begun).toEqual(['a', 'b', 'e']);
    for (const id of ['b', 'e', 'd', 'c']) await finish(id);
    expect(begun).toEqual(['a', 'b', 'e', 'd', 'c']);
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('does once what is asked for twice, and then first', async () => {
    const { begun, order, finish } = workshop({ atWork: 1, waiting: 9 });
    const results = ['a', 'b', 'c', 'a', 'b'].map((id) => order(id));
    for (const id of ['a', 'b', 'c']) await finish(id);
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'A', 'B']);
  });

  it('is closed when what was begun is done, and begins nothing more', async () => {
    const { shop, begun, ends, order } = workshop({ atWork: 1, waiting: 9 });
    const results = Promise.allSettled([order('a'), order('b')]);
    let isClosed = false;
    const closed = shop.close().then(() => (isClosed = true));
    await setTimeout(0);
    expect(isClosed).toBe(false);
    ends.get('a')!.resolve('A');
    await closed;
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(begun).toEqual(['a']);
  });

  it('does not begin what nobody waits for any more', async () => {
    const { shop, begun, order, finish } = workshop({ atWork: 1, waiting: 9 });
    const gone = new AbortController();
    const both = new AbortController();
    const results = [order('a'), order('b', gone.signal), order('c', both.signal), order('c')];
    const left = Promise.allSettled([results[1]!, results[2]!]);
    gone.abort(new Error('gone'));
    both.abort(new Error('gone'));
    expect((await left).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(shop.waiting).toBe(1);
    for (const id of ['a', 'c']) await finish(id);
    expect(begun).toEqual(['a', 'c']);
    expect([await results[0], await results[3]]).toEqual(['A', 'C']);
    await expect(order('d', gone.signal)).rejects.toThrow('gone');
    expect(shop.waiting).toBe(0);
  });

  it('turns away what has waited longest when too many wait', async () => {
    const { shop, order, finish } = workshop({ atWork: 1, waiting: 2 });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => order(id));
    await expect(b).rejects.toMatchObject({
      slug: 'thumbnails-busy',
      status: 503,
      headers: { 'Retry-After': '10' },
    });
    expect(shop.waiting).toBe(2);
    for (const id of ['a', 'd', 'c']) await finish(id);
    expect(await Promise.all([a, c, d])).toEqual(['A', 'C', 'D']);
  });

  it('goes on after a failure, which is told to all who wait and not kept', async () => {
    const { ends, begun, order, finish } = workshop({ atWork: 1, waiting: 9 });
    const failed = Promise.allSettled([order('a'), order('a')]);
    const b = order('b');
    ends.get('a')!.reject(new Error('disk'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await setTimeout(0);
    await finish('b');
    expect(await b).toBe('B');
    const again = order('a');
    await finish('a');
    expect([await again, begun]).toEqual(['A', ['a', 'b', 'a']]);
  });
});
