import { type Check, MOOT, type Observation } from '../check.js';
import { fromElsewhere } from '../cors.js';

/** What script needs of a 206; Content-Length is among the fields that are always to be seen. */
const WANTED = ['content-range', 'etag'];

export const corsExposed: Check = {
  code: 'cors-exposed',
  severity: 'info',
  affects: ['players'],
  lines: {
    nginx: 'add_header Access-Control-Expose-Headers "Content-Range, Accept-Ranges, ETag" always;',
    Apache: 'Header always set Access-Control-Expose-Headers "Content-Range, Accept-Ranges, ETag"',
    Caddy: 'header Access-Control-Expose-Headers "Content-Range, Accept-Ranges, ETag"',
    Express: "res.set('Access-Control-Expose-Headers', 'Content-Range, Accept-Ranges, ETag')",
  },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const answer = await fromElsewhere(visit);
    if (answer.status !== 206 || answer.field('access-control-allow-origin') === undefined) return MOOT;
    const exposed = (answer.field('access-control-expose-headers') ?? '').toLowerCase().split(/[,\s]+/);
    const missing = WANTED.filter((name) => answer.field(name) !== undefined && !exposed.includes(name));
    if (missing.length === 0 || exposed.includes('*')) return undefined;
    return {
      seen: `Script elsewhere may read the media, but not its ${missing.join(' and ')}.`,
      breaks: 'Players written in script cannot learn how long the file is; media elements can.',
      change: 'Expose those fields.',
    };
  },
};
