import { api, data } from './client.ts';
import { isProblem } from './problem.ts';
import type { FileEntry, Inspection } from './types.ts';

/** Reports asked for at the same time: the rest of the page must not wait for them. */
const AT_ONCE = 4;
/** Reports remembered. */
const REMEMBERED = 500;

const remembered = new Map<string, Promise<Inspection>>();
const waiting: (() => void)[] = [];
let running = 0;

/**
 * The media report of a version of a file; asked for once, and a few at a time. The latest asked for is next, since that
 * is what somebody looks at. @throws ApiProblem
 */
export function inspectionOf({ path, etag }: Pick<FileEntry, 'path' | 'etag'>): Promise<Inspection> {
  const key = `${etag}${path}`;
  const known = remembered.get(key);
  if (known) return known;
  const report = turn().then(() =>
    data(api.GET('/api/v1/inspections/{path}', { params: { path: { path } } })).finally(done),
  );
  // What cannot be inspected now, as it is no medium, will not be as long as it is the same.
  report.catch((error: unknown) => (isProblem(error) && error.status === 422) || remembered.delete(key));
  remembered.set(key, report);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return report;
}

function turn(): Promise<void> {
  if (running++ < AT_ONCE) return Promise.resolve();
  return new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
}

function done(): void {
  running--;
  waiting.pop()?.();
}
