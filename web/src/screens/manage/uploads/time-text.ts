import { formatNumber } from '../../../lib/format.svelte.ts';

/** A span of time in its largest unit: "45 sec", "3 min", "2 hr". @param seconds as `timeLeft` rounds them */
export function timeText(seconds: number): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return formatNumber(value, { style: 'unit', unit, unitDisplay: 'short' });
}
