import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeardEvent } from './event-listener.js';

const TYPES = ['entry-created', 'entry-changed', 'entry-removed', 'job-progress', 'status', 'reset'];
const SCRIPT = `
  const source = new EventSource(process.argv[1]);
  for (const type of ${JSON.stringify(TYPES)})
    source.addEventListener(type, ({ lastEventId: id, data }) =>
      console.log(JSON.stringify({ type, id, data: JSON.parse(data) })));
  setInterval(() => {}, 1e6); // open, as a page is: waiting to come back does not keep a process alive
`;

/** `EventSource` as HTML has it: the one of Node, which comes back by itself, in a process of its own. */
export function startEventSource(url: string) {
  const events: HeardEvent[] = [];
  const args = ['--experimental-eventsource', '--no-warnings', '-e', SCRIPT, url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => events.push(JSON.parse(line) as HeardEvent));
  const until = async (isThere: (events: readonly HeardEvent[]) => boolean): Promise<void> => {
    for (const deadline = Date.now() + 8000; !isThere(events); await sleep(5))
      if (Date.now() > deadline) throw new Error(`did not come; there is ${JSON.stringify(events)}`);
  };
  return { events, until, close: () => child.kill() };
}
