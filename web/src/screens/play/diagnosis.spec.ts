import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from '../../api/problem.ts';
import type { Inspection } from '../../api/types.ts';
import { diagnose, isForeseen, type Facts } from './diagnosis.ts';
import type { BrowserWord } from './browser-word.ts';

type Verdict = 'plays' | 'plays-via-stream' | 'uncertain' | 'fails';
const THERE = { state: 'there' } as const;
const PROBABLY: BrowserWord = { canPlay: 'probably', tracks: [{ track: 1, supported: true }] };
const DENIED: BrowserWord = { canPlay: '', tracks: [{ track: 1, supported: false }] };

/** What a diagnosis reads of a report. */
function report(verdict: Verdict, more: Partial<Inspection> = {}): Inspection {
  const reasons = [
    { code: 'codec-unsupported', effect: 'fails', message: 'Chrome does not play hevc.', track: 1 },
    { code: 'repaired', effect: 'repaired', message: 'The moov box is moved.', track: null },
  ];
  return {
    container: 'mp4',
    tracks: [{ id: 1, kind: 'video', codecName: 'hevc', encrypted: false }],
    problems: [],
    repairs: [],
    playability: { browsers: [{ browser: 'chrome', version: '157', verdict, reasons }] },
    ...more,
  } as unknown as Inspection;
}

const facts = (more: Partial<Facts>): Facts => ({
  symptom: 'error',
  report: report('plays'),
  browser: 'chrome',
  word: PROBABLY,
  answer: THERE,
  ...more,
});
const refused = (status: number) =>
  ({ state: 'refused', problem: new ApiProblem({ kind: 'x', status, title: '', detail: '' }) }) as const;
const problem = (code: string) =>
  [{ code, severity: 'error', message: `It is ${code}.` }] as Inspection['problems'];

describe('a file that does not play', () => {
  it('is not sent: there is no answer, or a refusal, whatever the report says', () => {
    expect(diagnose(facts({ answer: refused(0) })).cause).toBe('unreachable');
    for (const status of [401, 403, 404, 410, 503])
      expect(diagnose(facts({ answer: refused(status), report: report('fails') }))).toMatchObject({
        cause: 'refused',
        problem: { status },
      });
  });

  it('is damaged or encrypted: that goes before what the browser can do', () => {
    expect(
      diagnose(facts({ report: report('fails', { problems: problem('truncated') }), word: DENIED })),
    ).toMatchObject({
      cause: 'damaged',
      reasons: ['Chrome does not play hevc.', 'It is truncated.'],
    });
    const tracks = [{ id: 1, encrypted: true }] as Inspection['tracks'];
    expect(diagnose(facts({ report: report('fails', { tracks }) })).cause).toBe('encrypted');
  });

  it('cannot be decoded: by the data about browsers, or as the browser itself says', () => {
    expect(diagnose(facts({ report: report('fails') })).cause).toBe('unsupported');
    expect(diagnose(facts({ report: report('plays'), word: DENIED }))).toMatchObject({
      cause: 'unsupported',
      canPlay: '',
      undecodable: ['hevc'],
    });
  });

  it('has sound without a picture', () => {
    expect(diagnose(facts({ symptom: 'no-picture', word: DENIED })).cause).toBe('no-picture');
  });

  it('is slow, or nobody knows', () => {
    expect(diagnose(facts({ symptom: 'stalled' })).cause).toBe('slow');
    expect(diagnose(facts({})).cause).toBe('unknown');
    expect(diagnose(facts({ report: undefined, word: undefined }))).toMatchObject({
      cause: 'unknown',
      reasons: [],
    });
  });

  it('is a playlist', () => {
    expect(diagnose(facts({ report: report('fails', { container: 'hls' }) })).cause).toBe('playlist');
  });

  it('can be repaired where something is repaired in its stream', () => {
    const repairs = [{ repair: 'faststart', state: 'applied', changes: [] }] as Inspection['repairs'];
    expect(diagnose(facts({ report: report('plays', { repairs }) })).repairable).toBe(true);
    expect(diagnose(facts({ report: report('fails', { repairs }) })).repairable).toBe(false);
    const impossible = [
      { repair: 'faststart', state: 'impossible', reason: 'x', message: '' },
    ] as Inspection['repairs'];
    expect(diagnose(facts({ report: report('plays', { repairs: impossible }) })).repairable).toBe(false);
  });
});

describe('what can be told beforehand', () => {
  it('needs the data and the browser to agree', () => {
    expect(isForeseen(report('plays'), 'chrome', DENIED)).toBe(false);
    expect(isForeseen(report('uncertain'), 'chrome', DENIED)).toBe(true);
    expect(isForeseen(report('uncertain'), 'chrome', PROBABLY)).toBe(false);
    expect(isForeseen(report('fails'), 'chrome', PROBABLY)).toBe(false);
    expect(isForeseen(report('fails'), 'chrome', { canPlay: 'maybe', tracks: [] })).toBe(true);
  });

  it('is what an unknown browser itself denies', () => {
    expect(isForeseen(report('plays'), undefined, DENIED)).toBe(true);
    expect(isForeseen(report('plays'), undefined, { canPlay: '', tracks: [] })).toBe(false);
  });
});
