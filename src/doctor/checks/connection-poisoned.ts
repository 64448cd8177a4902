import { type Check, MOOT, type Observation } from '../check.js';
import { stableTag } from '../requests.js';
import { Conversation, type Reply } from '../wire/conversation.js';
import { type Visit } from '../visit.js';
import { WireError } from '../wire/wire-error.js';

/** What to call it, the method, the fields. */
type Step = [string, string, Readonly<Record<string, string>>];

export const connectionPoisoned: Check = {
  code: 'connection-poisoned',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const tag = await stableTag(visit);
    const steps: Step[] = [
      ['GET with a range', 'GET', { Range: 'bytes=0-1' }],
      ['HEAD', 'HEAD', {}],
      ...(tag === undefined ? [] : [['If-None-Match', 'GET', { 'If-None-Match': tag }] satisfies Step]),
      ['a range behind the end', 'GET', { Range: 'bytes=999999999999999-' }],
      ['GET with a range', 'GET', { Range: 'bytes=0-1' }],
    ];
    const { ms } = visit.budget.request();
    const conversation = Conversation.begin(visit.url, {
      ms,
      insecure: visit.options.insecure,
      received: (count) => visit.budget.received(count),
    });
    try {
      return await converse(conversation, steps, visit);
    } catch (error) {
      // A server may close a connection whenever it likes; the next request then takes another one.
      if (error instanceof WireError) return MOOT;
      throw error;
    } finally {
      conversation.close();
    }
  },
};

async function converse(
  conversation: Conversation,
  steps: readonly Step[],
  visit: Visit,
): Promise<Observation | undefined | typeof MOOT> {
  let before = '';
  for (const [name, method, fields] of steps) {
    const reply = await conversation.ask(method, { ...visit.fields, ...fields });
    if (reply === 'garbage' && before !== '') {
      return {
        seen: `Behind the answer to ${before} stand bytes that belong to no answer.`,
        breaks:
          'The next request on that connection gets them for its answer: random failures, worst behind a proxy.',
        change: 'Send exactly Content-Length bytes, and no body with HEAD and 304.',
      };
    }
    if (typeof reply === 'string' || closes(reply)) return MOOT;
    before = name;
  }
  return undefined;
}

function closes({ head }: Reply): boolean {
  return head.startsWith('http/1.0') || /^connection:.*\bclose\b/m.test(head);
}
