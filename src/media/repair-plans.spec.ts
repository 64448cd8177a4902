import { describe, expect, it } from '@jest/globals';
import { type ByteSource, MemorySource, SegmentMap } from '../core/bytes/index.js';
import { NOT_NEEDED, type Repair } from '../core/repairs/index.js';
import { RepairPlans } from './repair-plans.js';

const version = (text: string, opaque = 'v1') => ({
  source: new MemorySource(Buffer.from(text)),
  validators: { etag: { weak: false, opaque }, lastModified: 0 },
});
const textOf = async (source: ByteSource) => Buffer.from(await source.read(0, source.size)).toString();

/** Puts a word in front, and counts how often it is asked. */
class Prefix implements Repair {
  readonly name = 'prefix';
  readonly version = 3;
  planned = 0;
  /** Resolved when a plan may go on. */
  gate: Promise<void> = Promise.resolve();

  async plan(source: ByteSource, signal?: AbortSignal) {
    this.planned += 1;
    await Promise.race([this.gate, aborted(signal)]);
    signal?.throwIfAborted();
    const map = new SegmentMap(source, [Buffer.from('new '), { offset: 0, length: source.size }]);
    return { kind: 'repaired' as const, map, changes: ['A word is in front.'] };
  }
}

function aborted(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
}

describe('repair plans', () => {
  it('are made once for a version, over whichever open file is asked for', async () => {
    const repair = new Prefix();
    const plans = new RepairPlans([repair]);
    const [first, second] = await Promise.all([plans.get(version('one')), plans.get(version('one'))]);
    expect(await textOf(first.map!)).toBe('new one');
    expect(second.map!.source).not.toBe(first.map!.source);
    const third = version('one');
    const plan = await plans.get(third);
    expect(plan.map!.source).toBe(third.source);
    expect(plan).toMatchObject({ applied: ['prefix.3'], outcomes: [{ state: 'applied' }] });
    expect(repair.planned).toBe(1);
    await plans.get(version('two', 'v2'));
    expect(repair.planned).toBe(2);
  });

  it('have no map where nothing was repaired', async () => {
    const plans = new RepairPlans([{ name: 'none', version: 1, plan: () => Promise.resolve(NOT_NEEDED) }]);
    expect(await plans.get(version('one'))).toEqual({ map: undefined, outcomes: [], applied: [] });
  });

  it('go on with another open file when the one who planned has left', async () => {
    const repair = new Prefix();
    repair.gate = new Promise(() => undefined);
    const plans = new RepairPlans([repair]);
    const leaving = new AbortController();
    const left = plans.get(version('one'), leaving.signal);
    const stays = plans.get(version('one'));
    repair.gate = Promise.resolve();
    leaving.abort(new Error('the client left'));
    await expect(left).rejects.toThrow('the client left');
    expect(await textOf((await stays).map!)).toBe('new one');
    expect(repair.planned).toBe(2);
  });

  it('leave out what takes too long, and try again the next time', async () => {
    const slow = new Prefix();
    slow.gate = new Promise(() => undefined);
    const plans = new RepairPlans([slow], 20);
    const keepAlive = setInterval(() => undefined, 5);
    expect(await plans.get(version('one'))).toMatchObject({
      map: undefined,
      outcomes: [{ repair: 'prefix', state: 'impossible', reason: 'over-time' }],
    });
    slow.gate = Promise.resolve();
    expect((await plans.get(version('one'))).applied).toEqual(['prefix.3']);
    clearInterval(keepAlive);
  });

  it('fail as the file does', async () => {
    const plans = new RepairPlans([
      { name: 'broken', version: 1, plan: () => Promise.reject(new Error('disk')) },
    ]);
    await expect(plans.get(version('one'))).rejects.toThrow('disk');
  });
});
