import { type Answer } from './wire/answer.js';
import { type Visit } from './visit.js';

/** What a media element with `crossorigin` on a page of another origin asks. */
export function fromElsewhere(visit: Visit): Promise<Answer> {
  return visit.send({
    fields: { Range: 'bytes=0-', Origin: visit.options.origin, 'Sec-Fetch-Mode': 'cors' },
  });
}
