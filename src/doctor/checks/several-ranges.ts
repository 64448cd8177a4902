import { type Check, MOOT, type Observation } from '../check.js';
import { ranged, rangedSize } from '../requests.js';

export const severalRanges: Check = {
  code: 'several-ranges',
  severity: 'info',
  affects: ['players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const size = await rangedSize(visit);
    if (size === undefined || size < 2000) return MOOT;
    const answer = await ranged(visit, 'bytes=0-0,1000-1000');
    if (answer.status !== 206) {
      return {
        seen: `Several ranges in one request are answered by ${answer.status}.`,
        breaks: 'No browser asks so; some PDF viewers and download tools do, and then fetch the whole file.',
      };
    }
    const boundary = /^multipart\/byteranges;.*boundary="?([^";]{1,70})/i.exec(
      answer.field('content-type') ?? '',
    )?.[1];
    const parts =
      boundary === undefined ? 0 : answer.body.toString('latin1').split(`--${boundary}\r\n`).length - 1;
    // One part that covers both is allowed (RFC 9110 §15.3.7.2).
    const covers = answer.range?.first === 0 && answer.range.last >= 1000;
    if (parts === 2 || covers) return undefined;
    return {
      seen: 'Several ranges in one request are answered by 206, but without all of the parts.',
      breaks: 'Whoever asks so takes the wrong bytes for the right ones; no browser does.',
      change: 'Answer multipart/byteranges, or ignore such a Range and send 200.',
      severity: 'warning',
    };
  },
};
