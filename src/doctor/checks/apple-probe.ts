import { type Check, MOOT, type Observation } from '../check.js';
import { appleProbe, openRange } from '../requests.js';

export const appleProbeCheck: Check = {
  code: 'apple-probe',
  severity: 'failure',
  affects: ['Safari'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const probe = await appleProbe(visit);
    const breaks =
      'Safari asks this first, and plays only what answers it by 206, bytes 0-1/size and exactly two bytes.';
    if (probe.status !== 206) {
      const open = await openRange(visit);
      if (probe.status === 200 && open.status === 200) return MOOT;
      return { seen: `Range: bytes=0-1 is answered by status ${probe.status}.`, breaks };
    }
    if (probe.range?.first !== 0) return MOOT;
    const { last, size } = probe.range;
    const wanted = Math.min(1, (size ?? 2) - 1);
    const count = probe.body.length;
    const isRight =
      last === wanted && count === wanted + 1 && probe.end === 'complete' && probe.length === count;
    if (isRight) return undefined;
    const told = probe.length === undefined ? 'no Content-Length' : `Content-Length ${probe.length}`;
    const came = probe.end === 'stopped' ? `more than ${count}` : String(count);
    const how = {
      complete: '',
      stopped: '',
      broken: ' and a broken connection',
      stalled: ', and then nothing',
    };
    return {
      seen: `Range: bytes=0-1 brings Content-Range bytes 0-${last}, ${told} and ${came} bytes${how[probe.end]}.`,
      breaks,
      change: 'Send exactly the bytes that were asked for, and say so in Content-Range and Content-Length.',
    };
  },
};
