import type { ByteSource, SegmentMap } from '../bytes/index.js';

/** What a repair found out about one file. */
export type RepairPlan =
  | { readonly kind: 'not-needed' }
  | {
      readonly kind: 'repaired';
      /** The repaired file, over the source that was planned for. */
      readonly map: SegmentMap;
      /** What is different in it, one plain sentence each. */
      readonly changes: readonly string[];
    }
  | {
      readonly kind: 'impossible';
      /** Why, as a stable word in kebab case: `multiple-moov`, `over-budget`. */
      readonly reason: string;
      /** The same as a plain sentence. */
      readonly message: string;
    };

export const NOT_NEEDED: RepairPlan = { kind: 'not-needed' };

/** @param reason a stable word in kebab case */
export function impossible(reason: string, message: string): RepairPlan {
  return { kind: 'impossible', reason, message };
}

/**
 * One way to make a file playable without re-encoding it: a pure function of its bytes. A file it is not meant for is
 * `not-needed`, found out with one small read. What it makes depends on nothing but the bytes and its version.
 */
export interface Repair {
  /** Stable, in kebab case. */
  readonly name: string;
  /** Raised with every change after which it makes other bytes of some file: it is part of the entity tag. */
  readonly version: number;
  /**
   * @throws what the source throws, and the signal's reason when it is aborted; whatever the bytes are is an answer,
   * never an error.
   */
  plan(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan>;
}
