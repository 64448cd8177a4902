import { Injectable, type PipeTransform } from '@nestjs/common';
import { objectKey, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { invalidQuery } from '../core/problem/index.js';

/** The query of a stream of events. */
export interface EventsQuery {
  /** The folder to hear about, by default the root. */
  readonly path: ObjectKey;
  /** Everything below it, or only what is directly in it. */
  readonly recursive: boolean;
  readonly lastEventId: string | undefined;
}

const TRUTHS: Readonly<Record<string, boolean>> = {
  '': true,
  true: true,
  '1': true,
  false: false,
  '0': false,
};
const KNOWN = ['path', 'recursive', 'lastEventId'];

/** @throws ProblemError validation-failed for a parameter that is wrong or unknown; InvalidPathError */
@Injectable()
export class EventsQueryPipe implements PipeTransform<Record<string, unknown>, EventsQuery> {
  transform({ path, recursive = '', lastEventId, ...others }: Record<string, unknown>): EventsQuery {
    const errors = Object.keys(others).map((name) => ({
      name,
      detail: `is not known here; there are ${KNOWN.join(', ')}`,
    }));
    for (const [name, value] of Object.entries({ path, lastEventId }))
      if (value !== undefined && typeof value !== 'string') errors.push({ name, detail: 'give it once' });
    const isRecursive = typeof recursive === 'string' ? TRUTHS[recursive] : undefined;
    if (isRecursive === undefined) errors.push({ name: 'recursive', detail: 'expects true or false' });
    if (errors.length > 0) throw invalidQuery(errors);
    return {
      path: keyOf(path as string | undefined),
      recursive: isRecursive!,
      lastEventId: lastEventId as string | undefined,
    };
  }
}

/** As a listing's `path` has it; a slash at the end says no more than that it is a folder. */
function keyOf(path = ''): ObjectKey {
  const trimmed = path.replace(/\/$/, '');
  return trimmed === '' ? ROOT_KEY : objectKey(trimmed.split('/'));
}
