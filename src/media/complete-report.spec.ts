import { describe, expect, it } from '@jest/globals';
import { bytes, zeros } from '../../test/support/isobmff/box-builder.js';
import { ftyp, mdat, moov } from '../../test/support/isobmff/movie-builder.js';
import { MemorySource, SegmentMap } from '../core/bytes/index.js';
import { inspectMedia } from '../core/media/index.js';
import { completeReport } from './complete-report.js';

const [head, media, index] = [bytes(ftyp()), bytes(mdat(zeros(100))), bytes(moov())];
const source = new MemorySource(Buffer.concat([head, media, index]));

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
    const { faststart, repairs, playability } = await completeReport(stored, {
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
    const { playability } = await completeReport(stored, { map, outcomes: [outcome], applied: [] });
    expect(playability!.browsers[0]!.reasons).toContainEqual(
      expect.objectContaining({ code: 'moov-after-mdat', effect: 'drawback' }),
    );
  });
});
