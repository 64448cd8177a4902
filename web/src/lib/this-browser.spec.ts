import { describe, expect, it } from '@jest/globals';
import { browserOf } from './this-browser.ts';

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
