import { type Check, MOOT, type Observation } from '../check.js';
import { openRange } from '../requests.js';

/** Fetched in one go, in bytes: more than buffers on the way hold, little enough for any line. */
const STRETCH = 4 * 2 ** 20;

export const connectionCut: Check = {
  code: 'connection-cut',
  severity: 'warning',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  lines: {
    nginx: 'proxy_max_temp_file_size 0; send_timeout 300s;',
    Apache: 'TimeOut 300',
  },
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const first = await openRange(visit);
    const { range, length } = first;
    if (first.status !== 206 || !range || length !== range.last - range.first + 1) return MOOT;
    const answer = await visit.send({ fields: { Range: 'bytes=0-' }, keep: STRETCH });
    if (answer.end !== 'broken' || answer.length === undefined) return undefined;
    return {
      seen: `Of ${answer.length} bytes that were announced ${answer.body.length} came, then the connection was cut.`,
      breaks: 'Browsers go on with a new request, again and again; downloads fail, and some players stop.',
      change: 'Look for a time or size limit in the server or a proxy, and for an application that crashes.',
    };
  },
};
