import { type Check } from '../check.js';
import { appleProbe, openRange, whole } from '../requests.js';

/** As long as a seek may take before it is felt to hang, in milliseconds. */
const SLOW = 1000;

export const slowFirstByte: Check = {
  code: 'slow-first-byte',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  async look(visit) {
    const times = [await openRange(visit), await appleProbe(visit), await whole(visit)].map(
      ({ headMs }) => headMs,
    );
    const median = times.sort((a, b) => a - b)[1]!;
    if (median < SLOW) return undefined;
    return {
      seen: `The first byte takes ${(median / 1000).toFixed(1)} s.`,
      breaks: 'Each start and each seek takes at least that long.',
      change:
        'See whether a program reads or signs the file before it sends, and whether a proxy buffers it.',
    };
  },
};
