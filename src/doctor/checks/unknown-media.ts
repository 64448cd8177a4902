import { type Check } from '../check.js';
import { inspected } from '../remote/inspect-remote.js';

export const unknownMedia: Check = {
  code: 'unknown-media',
  severity: 'warning',
  affects: [],
  async look(visit) {
    const { first } = visit;
    const media = await inspected(visit);
    if (media.kind !== 'other') return undefined;
    const start = first.body.toString('latin1', 0, 200);
    const isPlaylist = start.startsWith('#EXTM3U') || /<MPD\b/.test(start);
    return {
      seen: isPlaylist ? 'This is a playlist.' : 'The bytes are no audio or video that is known here.',
      breaks: isPlaylist
        ? 'The doctor looks at files, not at what a playlist names.'
        : 'How the server sends it was checked, what it sends was not.',
      change: isPlaylist ? 'Run the doctor on one of its segments.' : undefined,
      ...(isPlaylist && { severity: 'info' as const }),
    };
  },
};
