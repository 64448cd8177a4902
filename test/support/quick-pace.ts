import { USUAL_PACE, type Pace } from '../../src/app.pace.js';

/** Nothing is put off for long. Files are to be written synchronously then: a look could come between two steps. */
export const QUICK_PACE: Pace = {
  events: { ...USUAL_PACE.events, retry: 30, again: 30, progress: 40 },
  watch: { settle: 10, calm: 30, check: 100 },
};
