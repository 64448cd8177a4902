import { parseHttpDate } from '../../core/http/index.js';
import { type Check, MOOT, type Observation } from '../check.js';
import { openRange } from '../requests.js';
import { quote } from '../wire/text.js';

export const lastModifiedMissing: Check = {
  code: 'last-modified-missing',
  severity: 'info',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const answer = await openRange(visit);
    const value = answer.field('last-modified');
    if (value === undefined && answer.field('etag') === undefined) return MOOT;
    if (value !== undefined && parseHttpDate(value) !== undefined) return undefined;
    return {
      seen: value === undefined ? 'There is no Last-Modified.' : `Last-Modified is no date: ${quote(value)}.`,
      breaks: 'Clients that know no ETag cannot revalidate, and downloads lose the date of the file.',
    };
  },
};
