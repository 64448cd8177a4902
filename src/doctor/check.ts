import { type Client, type Lines, type Severity } from './finding.js';
import { type Visit } from './visit.js';

/** What a check saw amiss. What is not given here is as the {@link Check} says. */
export interface Observation {
  readonly code?: string;
  readonly severity?: Severity;
  readonly seen: string;
  readonly breaks: string;
  readonly change?: string | undefined;
  readonly affects?: readonly Client[];
  readonly lines?: Lines;
}

/** Says that a check has nothing to look at: what it is about is not there, or another finding tells of it already. */
export const MOOT = 'moot';

/**
 * One question to a server. A check asks what it needs through the {@link Visit}, where the same request is sent only
 * once, and tells what is amiss, if anything.
 */
export interface Check {
  /** Of the finding: stable, kebab-case, the name of the file. */
  readonly code: string;
  readonly severity: Severity;
  readonly affects: readonly Client[];
  /** Whether nothing else can be looked at once this is found. */
  readonly decisive?: boolean;
  readonly lines?: Lines;
  look(visit: Visit): Promise<Observation | readonly Observation[] | undefined | typeof MOOT>;
}
