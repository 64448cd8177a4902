import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SegmentMap } from '../core/bytes/index.js';
import type { Repair } from '../core/repairs/index.js';
import { makeFolder } from '../../test/support/playhead.js';
import { Optimizations, type Rewriting } from './optimizations.js';
import { rewriteFile } from './rewrite-file.js';

/** Files that begin with B want an A before it. */
const PREFIX: Repair = {
  name: 'prefix',
  version: 1,
  async plan(source) {
    if (String(await source.read(0, 1)) !== 'B') return { kind: 'not-needed' };
    const map = new SegmentMap(source, [Buffer.from('A'), { offset: 0, length: source.size }]);
    return { kind: 'repaired', map, changes: ['A'] };
  },
};
const prefixing =
  (file: string): Rewriting =>
  (control) =>
    rewriteFile(file, { repairs: [PREFIX], ...control });

describe('optimizations', () => {
  let folder: string;
  let files: string[];
  beforeEach(async () => {
    folder = await makeFolder();
    files = ['1', '2', '3', '4'].map((name) => path.join(folder, name));
    await Promise.all(files.map((file) => writeFile(file, Buffer.alloc(3_000_000, 'B'))));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('run one after the other, and tell how far they are', async () => {
    const optimizations = new Optimizations();
    const jobs = files.map((file) => optimizations.add(file, prefixing(file)));
    expect(jobs.map(({ state }) => state)).toEqual(['running', 'queued', 'queued', 'queued']);
    expect(jobs[0]!.progress).toEqual({ written: 0, total: undefined });
    await jobs[0]!.ended;
    expect(jobs[0]).toMatchObject({
      state: 'done',
      progress: { written: 3_000_001, total: 3_000_001 },
      result: { state: 'rewritten', sizeBefore: 3_000_000, size: 3_000_001, otherNames: 0 },
    });
    await new Promise(setImmediate);
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'running', 'queued', 'queued']);
    await Promise.all(jobs.map(({ ended }) => ended));
    expect(optimizations.pending).toEqual([]);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(4);
  });

  it('tell of every step, in order and with the end', async () => {
    const told: string[] = [];
    const file = files[0]!;
    const job = new Optimizations().add(file, prefixing(file), ({ state, progress: { written } }) =>
      told.push(`${state} ${written}`),
    );
    await job.ended;
    expect(told[0]).toBe('running 0');
    expect(told.slice(-2)).toEqual(['running 3000001', 'done 3000001']);
    expect(told.length).toBeGreaterThan(3);
  });

  it('run as many at a time as they are told', () => {
    const optimizations = new Optimizations(3);
    const jobs = files.map((file) => optimizations.add(file, prefixing(file)));
    expect(jobs.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'queued']);
    return optimizations.cancel();
  });

  it('go on behind one that fails, and say why it did', async () => {
    const optimizations = new Optimizations();
    const missing = optimizations.add('nothing', prefixing(path.join(folder, 'nothing')));
    const next = optimizations.add(files[0]!, prefixing(files[0]!));
    await next.ended;
    expect(missing).toMatchObject({ state: 'failed', error: { reason: 'missing' } });
    expect(next.state).toBe('done');
  });

  it('are cancelled whether they run or wait, and leave nothing', async () => {
    const optimizations = new Optimizations();
    const jobs = files.map((file) => optimizations.add(file, prefixing(file)));
    jobs[2]!.cancel();
    expect(jobs[2]!.state).toBe('cancelled');
    while (jobs[0]!.progress.written === 0) await new Promise(setImmediate);
    jobs[0]!.cancel();
    await jobs[1]!.ended;
    expect(jobs.map(({ state }) => state).slice(0, 3)).toEqual(['cancelled', 'done', 'cancelled']);
    await optimizations.cancel();
    expect(jobs[3]!.state).toBe('cancelled');
    expect(await readdir(folder)).toEqual(['1', '2', '3', '4']);
  });
});
