import { DEFAULT_LIMITS, type EventLimits } from './events/event-limits.js';
import { WATCH_TIMES, type WatchTimes } from './storage/drivers/local-disk/watch-times.js';

/** What is no setting, but goes faster in tests. */
export interface Pace {
  readonly events: EventLimits;
  readonly watch: WatchTimes;
}

export const USUAL_PACE: Pace = { events: DEFAULT_LIMITS, watch: WATCH_TIMES };
