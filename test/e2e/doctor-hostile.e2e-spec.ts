import { describe, expect, it } from '@jest/globals';
import { examine } from '../../src/doctor/examine.js';
import { DEFAULT_LIMITS } from '../../src/doctor/limits.js';
import { Identity } from '../../src/doctor/wire/identity.js';
import { HOSTILITIES, startHostileServer } from '../support/hostile-server.js';

const limits = { ...DEFAULT_LIMITS, requestMs: 400, totalMs: 3000 };
const options = { limits, insecure: false, origin: 'https://example.org', userAgent: 'playhead-doctor/test' };

/** What must be among the findings. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'says nothing': ['unreachable'],
  'closes at once': ['unreachable'],
  'closes in the header': ['unreachable'],
  'sends garbage': ['not-http'],
  'speaks another protocol': ['not-http'],
  'sends fields without end': ['not-http'],
  'sends one field without end': ['not-http'],
  'sends a header drop by drop': ['unreachable'],
  'sends interim answers without end': ['not-http'],
  'contradicts itself about the length': ['not-http'],
  'has a length that is none': ['not-http'],
  'has a status that is none': ['not-http'],
  'switches to another protocol': ['unreachable'],
  'sends 5 GiB whatever it is asked': ['no-ranges', 'unknown-media'],
  'sends chunks without end': ['no-ranges', 'content-length-missing'],
  'sends a body drop by drop': ['no-ranges'],
  'claims a range and never sends it': ['apple-probe'],
  'answers one request and no other': ['no-answer', 'limit-reached'],
  'claims the largest file there can be': ['media-unread'],
  'sends what steers a terminal': ['no-ranges'],
};

/** Whose connection ends at once, so that nobody waits. */
const GONE = ['closes at once', 'closes in the header', 'switches to another protocol'];

describe('a server that means no good', () => {
  it.each(Object.keys(HOSTILITIES))(
    '%s: the doctor says so, soon and at little cost',
    async (name) => {
      const server = await startHostileServer(HOSTILITIES[name]!);
      try {
        const begin = performance.now();
        const examination = await examine(
          new Identity(new URL(`http://127.0.0.1:${server.port}/film.mp4`)),
          options,
        );
        expect(performance.now() - begin).toBeLessThan(5000);
        expect(examination.findings.map(({ code }) => code)).toEqual(
          expect.arrayContaining([...EXPECTED[name]!]),
        );
        expect(examination.findings.some(({ severity }) => severity === 'failure')).toBe(true);
        if (GONE.includes(name)) expect(examination.findings[0]!.seen).toContain('closed without an answer');
        expect(examination.bytes).toBeLessThan(8 * 2 ** 20);
        // What was on its way when the doctor hung up counts as sent.
        expect(server.sent()).toBeLessThan(64 * 2 ** 20);
        expect(JSON.stringify(examination)).not.toMatch(/\p{Cc}|\\u00/u);
      } finally {
        await server.close();
      }
    },
    20_000,
  );

  it('is left alone when the time for all is over, and what was not checked is said', async () => {
    const server = await startHostileServer(HOSTILITIES['sends a body drop by drop']!);
    try {
      const url = new URL(`http://127.0.0.1:${server.port}/film.mp4`);
      const { findings } = await examine(new Identity(url), {
        ...options,
        limits: { ...limits, totalMs: 700 },
      });
      expect(findings.find(({ code }) => code === 'limit-reached')).toMatchObject({
        severity: 'failure',
        seen: expect.stringMatching(
          /the 0\.7 s for the whole examination are over; \d+ checks were not made/,
        ),
      });
    } finally {
      await server.close();
    }
  });
});
