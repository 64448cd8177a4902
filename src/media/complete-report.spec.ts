import { describe, expect, it } from '@jest/globals';
import { bytes, zeros } from '../../test/support/isobmff/box-builder.js';
import { ftyp, mdat, moov } from '../../test/support/isobmff/movie-builder.js';
import { MemorySource, SegmentMap } from '../core/bytes/index.js';
import { inspectMedia, type MediaReport } from '../core/media/index.js';
import type { Repaired } from '../core/repairs/index.js';
import { completeReport } from './complete-report.js';

const [head, media, index] = [bytes(ftyp()), bytes(mdat(zeros(100))), bytes(moov())];
const source = new MemorySource(Buffer.concat([head, media, index]));

const noTags = { read: () => Promise.resolve({ tags: null }) };
async function complete(stored: MediaReport, repaired: Repaired) {
  const { report } = await completeReport(source, stored, {
    repaired: Promise.resolve(repaired),
    tags: noTags,
  });
  return report;
}

describe('a complete report', () => {
  it('judges the repaired file by its own bytes', async () => {
    const stored = (await inspectMedia(source))!;
    const map = new SegmentMap(source, [
      head,
      { offset: head.length + media.length, length: index.length },
      { offset: head.length, length: media.length },
    ]);
    const outcome = {
      repair: 'faststart',
      state: 'applied',
      changes: ['The moov box is in front.'],
    } as const;
    const { faststart, repairs, playability } = await complete(stored, {
      map,
      outcomes: [outcome],
      applied: ['faststart.1'],
    });
    expect(faststart).toBe(false);
    expect(repairs).toEqual([outcome]);
    expect(playability!.browsers[0]!.reasons).toContainEqual(
      expect.objectContaining({ code: 'moov-after-mdat', effect: 'repaired' }),
    );
  });

  it('does not believe a repair that mends nothing', async () => {
    const stored = (await inspectMedia(source))!;
    const map = new SegmentMap(source, [{ offset: 0, length: source.size }]);
    const outcome = { repair: 'faststart', state: 'applied', changes: [] } as const;
    const { playability } = await complete(stored, { map, outcomes: [outcome], applied: [] });
    expect(playability!.browsers[0]!.reasons).toContainEqual(
      expect.objectContaining({ code: 'moov-after-mdat', effect: 'drawback' }),
    );
  });

  it.each([
    ['unread', true],
    ['busy', false],
  ] as const)('says so when tags are %s', async (outcome, conclusive) => {
    const stored = (await inspectMedia(source))!;
    const repaired = Promise.resolve({ map: undefined, outcomes: [], applied: [] });
    const tags = { read: () => Promise.resolve(outcome) };
    const completed = await completeReport(source, stored, { repaired, tags });
    expect(completed.conclusive).toBe(conclusive);
    expect(completed.report.metadata).toBeNull();
    expect(completed.report.problems.map(({ code }) => code)).toContain('metadata-unread');
  });

  it('looks for no tags in a broken file', async () => {
    const cut = new MemorySource(Buffer.concat([head, media.subarray(0, 50)]));
    const stored = (await inspectMedia(cut))!;
    const repaired = Promise.resolve({ map: undefined, outcomes: [], applied: [] });
    const tags = { read: () => Promise.reject(new Error('asked')) };
    expect((await completeReport(cut, stored, { repaired, tags })).report.metadata).toBeNull();
  });
});
