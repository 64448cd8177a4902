import { type Check, type Observation } from '../check.js';
import { openRange } from '../requests.js';

export const etagMissing: Check = {
  code: 'etag-missing',
  severity: 'info',
  affects: ['Chrome', 'players'],
  lines: {
    nginx: 'etag on;',
    Apache: 'FileETag MTime Size',
    Express: 'express.static(folder, { etag: true })',
  },
  async look(visit): Promise<Observation | undefined> {
    const answer = await openRange(visit);
    if (answer.field('etag') !== undefined) return undefined;
    const dated = answer.field('last-modified') !== undefined;
    return {
      seen: dated ? 'There is no ETag, only Last-Modified.' : 'There is neither ETag nor Last-Modified.',
      breaks: dated
        ? 'Versions are told apart by the second only.'
        : 'A file that is replaced while it plays gets mixed with its successor, and nothing can be revalidated.',
      change: 'Send a strong ETag that changes with every change of the bytes.',
      severity: dated ? 'info' : 'warning',
    };
  },
};
