import { type Severity as MediaSeverity } from '../../core/media/index.js';
import { type Check, MOOT, type Observation } from '../check.js';
import { type Severity } from '../finding.js';
import { inspected } from '../remote/inspect-remote.js';

const SEVERITY: Record<MediaSeverity, Severity> = { error: 'failure', warning: 'warning', info: 'info' };
/** `index-at-end` tells of it, since how bad it is depends on ranges. */
const TOLD_ELSEWHERE = ['moov-after-mdat'];

export const mediaProblems: Check = {
  code: 'media',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit): Promise<readonly Observation[] | typeof MOOT> {
    const media = await inspected(visit);
    if (media.kind !== 'media') return MOOT;
    return media.report.problems
      .filter(({ code }) => !TOLD_ELSEWHERE.includes(code))
      .map(({ code, severity, message, fix }) => ({
        code: `media-${code}`,
        severity: SEVERITY[severity],
        seen: message,
        breaks: BREAKS[severity],
        change: fix,
        ...(code === 'hev1' && { affects: ['Safari'] as const }),
        ...(severity === 'info' && { affects: [] }),
      }));
  },
};

const BREAKS: Record<MediaSeverity, string> = {
  error: 'It does not play, or not to its end, whatever the server does.',
  warning: 'Some players start late or refuse it, whatever the server does.',
  info: 'That is no fault.',
};
