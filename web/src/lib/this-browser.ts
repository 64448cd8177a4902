import type { Inspection } from '../api/types.ts';

/** The browsers of the reports. */
export type BrowserName = NonNullable<Inspection['playability']>['browsers'][number]['browser'];

/** What browsers tell of themselves: parts of `Navigator`. */
export interface BrowserIdentity {
  readonly userAgent: string;
  readonly userAgentData?: {
    readonly mobile?: boolean;
    readonly brands?: readonly { readonly brand: string }[];
  };
  readonly maxTouchPoints?: number;
}

/**
 * Which of the browsers the report knows this one is, or is built on; undefined for others. All browsers of iPhones and
 * iPads are Safari inside, and an iPad says that it is a Mac.
 */
export function browserOf({
  userAgent,
  userAgentData,
  maxTouchPoints = 0,
}: BrowserIdentity): BrowserName | undefined {
  if (/\b(?:iPhone|iPad|iPod)\b/.test(userAgent)) return 'safari-ios';
  if (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1 && !userAgentData) return 'safari-ios';
  const brands = userAgentData?.brands?.map(({ brand }) => brand) ?? [];
  if (brands.includes('Microsoft Edge') || /\bEdgA?\//.test(userAgent))
    return /\bAndroid\b/.test(userAgent) ? 'chrome-android' : 'edge';
  if (brands.includes('Chromium') || /\b(?:Chrome|Chromium)\//.test(userAgent))
    return (userAgentData?.mobile ?? /\bAndroid\b/.test(userAgent)) ? 'chrome-android' : 'chrome';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  // WebKitGTK and its like say that they are Safari, but neither Mac OS nor what they can play.
  if (/\bSafari\//.test(userAgent) && /\bMacintosh\b/.test(userAgent)) return 'safari';
  return undefined;
}
