import { SegmentMap, type ByteSource } from '../bytes/index.js';
import { BudgetError } from '../isobmff/index.js';
import { impossible, type Repair, type RepairPlan } from './repair.js';

/** What was done to a file, or could not be. */
export type RepairOutcome =
  | { readonly repair: string; readonly state: 'applied'; readonly changes: readonly string[] }
  | {
      readonly repair: string;
      readonly state: 'impossible';
      readonly reason: string;
      readonly message: string;
    };

/** The playable form of one file. */
export interface Repaired {
  /** The repaired file, over the source itself; undefined where the original bytes are the playable ones. */
  readonly map: SegmentMap | undefined;
  /** In the order they were tried; a repair that was not needed is not in it. */
  readonly outcomes: readonly RepairOutcome[];
  /** `name.version` of each repair applied: what tells this representation from others of the same file. */
  readonly applied: readonly string[];
}

/**
 * Tries one repair after the other, each on what the ones before it made.
 *
 * @param deadline ends the search as well, and a repair that had not found out by then is an impossible one
 * @throws what the source throws; the signal's reason
 */
export async function planRepairs(
  source: ByteSource,
  repairs: readonly Repair[],
  signal?: AbortSignal,
  deadline?: AbortSignal,
): Promise<Repaired> {
  let current: ByteSource = source;
  const outcomes: RepairOutcome[] = [];
  const applied: string[] = [];
  for (const repair of repairs) {
    signal?.throwIfAborted();
    const plan = await withinBudget(repair, current, signal, deadline);
    if (plan.kind === 'not-needed') continue;
    if (plan.kind === 'impossible') {
      const { reason, message } = plan;
      outcomes.push({ repair: repair.name, state: 'impossible', reason, message });
      continue;
    }
    current = plan.map.flatten();
    outcomes.push({ repair: repair.name, state: 'applied', changes: plan.changes });
    applied.push(`${repair.name}.${repair.version}`);
  }
  return {
    map: current instanceof SegmentMap && current !== source ? current : undefined,
    outcomes,
    applied,
  };
}

async function withinBudget(
  repair: Repair,
  source: ByteSource,
  signal?: AbortSignal,
  deadline?: AbortSignal,
): Promise<RepairPlan> {
  const signals = [signal, deadline].filter((one) => one !== undefined);
  try {
    return await repair.plan(source, signals.length > 0 ? AbortSignal.any(signals) : undefined);
  } catch (error) {
    if (error instanceof BudgetError) {
      const message = 'Finding out how to repair this file costs more reading than one file may.';
      return impossible('over-budget', message);
    }
    if (!deadline?.aborted || error !== deadline.reason) throw error;
    const message = 'Finding out how to repair this file took longer than it may.';
    return impossible(OVER_TIME, message);
  }
}

/** The reason of a repair that had not found out by the deadline. */
const OVER_TIME = 'over-time';

/** Whether trying again would find out nothing else: no repair ran out of time. */
export function isConclusive({ outcomes }: Repaired): boolean {
  return !outcomes.some((outcome) => outcome.state === 'impossible' && outcome.reason === OVER_TIME);
}
