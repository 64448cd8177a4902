import { base } from './api/base.ts';
import type {} from './api/early.ts';
import { listingUrl } from './api/listing.ts';
import { parseRoute } from './routing/route.ts';

// A script of its own, before all others: the folder is on its way while the page is. What it asks for is what the page
// asks for first, or else it is asked for in vain.
const route = parseRoute(new URL(location.href), base);
if (window.playheadEarly === undefined && route.screen === 'browse' && location.pathname !== base) {
  const url = listingUrl({ ...route, hidden: remembered('hidden') === true });
  const language = remembered('language');
  const answer = fetch(url, {
    headers: {
      'X-Requested-With': 'fetch',
      ...(typeof language === 'string' && language !== '' && { 'Accept-Language': language }),
    },
  });
  // Who takes it is told.
  answer.catch(() => undefined);
  window.playheadEarly = { url, answer };
}

/** As `Remembered` keeps it. */
function remembered(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`playhead.${key}`) ?? 'null');
  } catch {
    return undefined;
  }
}
