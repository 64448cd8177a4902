import { type Check } from '../check.js';
import { inspected } from '../remote/inspect-remote.js';

export const mediaUnread: Check = {
  code: 'media-unread',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit) {
    const media = await inspected(visit);
    if (media.kind !== 'unread') return undefined;
    if (media.reason === 'too-costly' || media.reason === 'limit')
      return {
        seen: `The media was not inspected to its end: ${media.why}.`,
        breaks: 'What is in it is not known; a player has to make as many requests.',
        severity: 'info',
        affects: [],
      };
    return {
      seen: `Reading the media by ranges failed: ${media.why}.`,
      breaks:
        media.reason === 'changed'
          ? 'Run the doctor again when nobody writes to it.'
          : 'A player fails there too.',
      ...(media.reason === 'changed' && { severity: 'warning' as const, affects: [] }),
    };
  },
};
