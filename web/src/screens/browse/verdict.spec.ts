import { describe, expect, it } from '@jest/globals';
import type { Inspection } from '../../api/types.ts';
import { browserOf, verdictOf } from './verdict.ts';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1';
const WEBKITGTK =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

describe('browserOf', () => {
  it.each([
    ['Chrome', { userAgent: CHROME }, 'chrome'],
    [
      'a browser that hides its name but not its brand',
      { userAgent: 'x', userAgentData: { brands: [{ brand: 'Chromium' }] } },
      'chrome',
    ],
    ['Edge', { userAgent: `${CHROME} Edg/140.0.0.0` }, 'edge'],
    ['Chrome on Android', { userAgent: ANDROID }, 'chrome-android'],
    [
      'Firefox',
      { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
      'firefox',
    ],
    ['Safari', { userAgent: SAFARI }, 'safari'],
    ['Safari on an iPad, which says it is a Mac', { userAgent: SAFARI, maxTouchPoints: 5 }, 'safari-ios'],
    ['Chrome on an iPhone, which is Safari inside', { userAgent: IPHONE }, 'safari-ios'],
    ['WebKitGTK', { userAgent: WEBKITGTK }, undefined],
    ['anything else', { userAgent: 'curl/8' }, undefined],
  ])('knows %s', (_, identity, browser) => {
    expect(browserOf(identity)).toBe(browser);
  });
});

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
