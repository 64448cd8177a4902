import { describe, expect, it } from '@jest/globals';
import type { BrowserPlayability } from '../core/playability/index.js';
import type { CompleteReport } from './complete-report.js';
import { isFineStatus, statusOf } from './file-status.js';

type Reasons = BrowserPlayability['reasons'];
const verdict = (
  browser: BrowserPlayability['browser'],
  is: BrowserPlayability['verdict'],
  reasons: Reasons = [],
) => ({ browser, version: '1', verdict: is, reasons });
const drawback = (code: Reasons[number]['code']): Reasons => [
  { code, effect: 'drawback', message: '', track: null },
];
const report = (browsers: BrowserPlayability[], ...problems: object[]) =>
  ({ playability: { browsers }, problems }) as unknown as CompleteReport;

describe('the status of a file', () => {
  it.each([
    ['plays', true, verdict('safari', 'plays')],
    ['stream', true, verdict('safari', 'plays-via-stream')],
    ['uncertain', true, verdict('safari', 'uncertain')],
    ['late', false, verdict('safari', 'plays', drawback('moov-after-mdat'))],
    ['late', false, verdict('safari', 'plays-via-stream', drawback('fragmented'))],
    ['plays', true, verdict('safari', 'plays', drawback('other-track-unsupported'))],
    ['fails', false, verdict('safari', 'fails')],
  ] as const)('is %s (fine: %s)', (status, fine, safari) => {
    const chrome = verdict('chrome', 'plays');
    expect(statusOf(report([chrome, safari]), ['chrome', 'safari'])).toBe(status);
    expect(isFineStatus(status)).toBe(fine);
    expect(statusOf(report([chrome, safari]), ['chrome'])).toBe('plays');
  });

  it('is broken with an error, unless it does not even play', () => {
    const error = { code: 'truncated', severity: 'error' };
    expect(statusOf(report([verdict('safari', 'uncertain')], error), ['safari'])).toBe('broken');
    expect(statusOf(report([verdict('safari', 'fails')], error), ['safari'])).toBe('fails');
    expect(isFineStatus('broken')).toBe(false);
  });

  it('is picture for a picture', () => {
    const picture = { playability: null, problems: [] } as unknown as CompleteReport;
    expect(statusOf(picture, ['safari'])).toBe('picture');
  });
});
