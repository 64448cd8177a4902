import { api, data } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { components } from '../../api/schema.d.ts';
import type { Entry } from '../../api/types.ts';

export type Operation = components['schemas']['Operations']['operations'][number];
export type Transfer = Extract<Operation, { from: string }>;
export type TrashEntry = components['schemas']['TrashEntry'];

/** How one operation went. */
export interface Outcome<Op extends Operation = Operation> {
  readonly operation: Op;
  /** What is there now, after a move, a copy or a new folder. */
  readonly entry?: Entry;
  /** What is in the trash now. */
  readonly trashEntry?: TrashEntry;
  readonly problem?: ApiProblem;
}

/** Operations of a request. The contract allows 1000; fewer show sooner that something happens. */
const AT_ONCE = 200;

/**
 * Makes changes, one after the other. One that fails keeps no other from being done.
 * @param progress is told how many are done
 * @returns an outcome for each, in the same order; fewer when it was called off
 */
export async function perform<Op extends Operation>(
  operations: readonly Op[],
  { signal, progress }: { signal?: AbortSignal; progress?: (done: number) => void } = {},
): Promise<readonly Outcome<Op>[]> {
  const outcomes: Outcome<Op>[] = [];
  for (let start = 0; start < operations.length && !signal?.aborted; start += AT_ONCE) {
    const some = operations.slice(start, start + AT_ONCE);
    outcomes.push(...(await performSome(some, signal)));
    progress?.(outcomes.length);
  }
  return outcomes;
}

async function performSome<Op extends Operation>(
  operations: readonly Op[],
  signal: AbortSignal | undefined,
): Promise<readonly Outcome<Op>[]> {
  try {
    const body = { operations: [...operations] };
    const { results } = await data(api.POST('/api/v1/entries', { body, ...(signal && { signal }) }));
    return operations.map((operation, index) => ({
      operation,
      ...outcomeOf(results[index] as Result | undefined),
    }));
  } catch (error) {
    if (signal?.aborted) return [];
    if (!(error instanceof ApiProblem)) throw error;
    return operations.map((operation) => ({ operation, problem: error }));
  }
}

/** What reading JSON leaves of a type is not the type any more: members that are always null are lost. */
type Result = components['schemas']['OperationResults']['results'][number];

function outcomeOf(result: Result | undefined): Omit<Outcome, 'operation'> {
  if (!result) return {};
  if ('entry' in result) return { entry: result.entry };
  if ('trashEntry' in result) return { trashEntry: result.trashEntry };
  if (!('problem' in result)) return {};
  const { type = '', title = '', detail = '' } = result.problem;
  return {
    problem: new ApiProblem({ kind: type.split('/').at(-1) ?? '', status: result.status, title, detail }),
  };
}
