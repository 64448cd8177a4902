import { type Check } from '../check.js';
import { openRange } from '../requests.js';

export const connectionClose: Check = {
  code: 'connection-close',
  severity: 'info',
  affects: ['Chrome', 'Firefox', 'Safari'],
  lines: {
    nginx: 'keepalive_timeout 75s;',
    Apache: 'KeepAlive On',
  },
  async look(visit) {
    const answer = await openRange(visit);
    const isOld = answer.httpVersion === '1.0';
    const says = (answer.field('connection') ?? '').toLowerCase();
    if (isOld ? says.includes('keep-alive') : !says.includes('close')) return undefined;
    return {
      seen: `The server closes the connection after each answer${isOld ? ' and speaks HTTP/1.0' : ''}.`,
      breaks: 'Each seek costs the making of a new connection, with https several round trips.',
      change: 'Keep connections open.',
    };
  },
};
