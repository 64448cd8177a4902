import { describe, expect, it } from '@jest/globals';
import type { Inspection } from '../../api/types.ts';
import { verdictOf } from './verdict.ts';

type Verdict = NonNullable<Inspection['playability']>['browsers'][number]['verdict'];

function report(verdict: Verdict, more: Partial<Inspection> = {}): Inspection {
  const reasons =
    verdict === 'fails'
      ? [{ code: 'codec-unsupported', effect: 'fails', message: 'No HEVC.', track: 1 }]
      : [];
  return {
    container: 'mp4',
    faststart: true,
    problems: [],
    repairs: [],
    playability: {
      contentType: 'video/mp4; codecs="hvc1"',
      browsers: [{ browser: 'chrome', version: '140', verdict, reasons }],
    },
    ...more,
  } as unknown as Inspection;
}

const says = (answer: string) => () => answer;
const APPLIED = { repair: 'faststart', state: 'applied' as const, changes: ['moov stands first.'] };

describe('verdictOf', () => {
  it('has nothing to say about what plays', () => {
    expect(verdictOf(report('plays'), 'chrome', says('probably'))).toEqual({ kind: 'plays', reasons: [] });
  });

  it('has nothing to say about pictures', () => {
    expect(verdictOf(report('fails', { playability: null }), 'chrome', says('')).kind).toBe('plays');
  });

  it('gives the reasons of what is known not to play', () => {
    expect(verdictOf(report('fails'), 'chrome', says('maybe'))).toEqual({
      kind: 'fails',
      reasons: ['No HEVC.'],
    });
  });

  it('believes a browser that says it can, such as by the hardware of this device', () => {
    expect(verdictOf(report('fails'), 'chrome', says('probably')).kind).toBe('plays');
  });

  it('believes a browser that says it cannot, and one that nothing is known of', () => {
    expect(verdictOf(report('plays'), 'chrome', says('')).kind).toBe('fails');
    expect(verdictOf(report('plays'), undefined, says('')).kind).toBe('fails');
    expect(verdictOf(report('fails'), undefined, says('maybe')).kind).toBe('plays');
  });

  it('asks no browser about containers whose names browsers do not know', () => {
    expect(verdictOf(report('plays', { container: 'matroska' }), 'chrome', says('')).kind).toBe('plays');
  });

  it('tells what is repaired, and an index behind the media apart', () => {
    const repairs = [APPLIED];
    expect(verdictOf(report('plays-via-stream', { repairs }), 'chrome', says('probably'))).toEqual({
      kind: 'repaired',
      reasons: ['moov stands first.'],
    });
    expect(
      verdictOf(report('plays-via-stream', { repairs, faststart: false }), 'chrome', says('probably')).kind,
    ).toBe('late');
  });

  it('tells of damage, though it may play', () => {
    const problems = [
      { code: 'truncated' as const, severity: 'error' as const, message: 'The end is missing.' },
    ];
    expect(verdictOf(report('plays', { problems }), 'chrome', says('probably'))).toEqual({
      kind: 'damaged',
      reasons: ['The end is missing.'],
    });
  });
});
