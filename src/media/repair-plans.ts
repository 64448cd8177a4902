import { BoundedCache } from '../core/cache/index.js';
import { formatEntityTag } from '../core/http/index.js';
import { isConclusive, planRepairs, type Repair, type Repaired } from '../core/repairs/index.js';
import type { StoredObject } from '../storage/storage-driver.js';
import { DetachedSource } from './detached-source.js';

/** Bytes that remembered plans may have together: most of them is the moov boxes they hold. */
const REMEMBERED = 64 * 2 ** 20;
/** Bytes for a plan that repairs nothing, its outcomes and its place in the cache. */
const BARE_PLAN = 512;
/** Milliseconds; a repair that has not found out by then is left out for now. */
const PATIENCE = 10_000;

/** What an open version of a file is read for. */
type OpenVersion = Pick<StoredObject, 'validators' | 'source'>;

/** The repaired forms of stored files, each planned once for a version, however many ask for it at the same time. */
export class RepairPlans {
  readonly #plans = new BoundedCache<Repaired>(REMEMBERED);

  constructor(
    private readonly repairs: readonly Repair[],
    private readonly patience = PATIENCE,
  ) {}

  /**
   * The repaired form, over the source of `object`: readable until that closes.
   *
   * @throws what the source throws; the signal's reason
   */
  async get(object: OpenVersion, signal?: AbortSignal): Promise<Repaired> {
    const { source } = object;
    for (;;) {
      signal?.throwIfAborted();
      let mine = false;
      try {
        const plan = await this.#plans.share(
          formatEntityTag(object.validators.etag),
          () => {
            mine = true;
            return this.#plan(object, signal);
          },
          (made) => (isConclusive(made) ? BARE_PLAN + (made.map?.weight ?? 0) : Infinity),
        );
        return { ...plan, map: plan.map?.over(source) };
      } catch (error) {
        // Whoever was planning has left and taken the open file along: try with this one.
        if (mine) throw error;
      }
    }
  }

  async #plan({ source }: OpenVersion, signal?: AbortSignal): Promise<Repaired> {
    const deadline = AbortSignal.timeout(this.patience);
    const made = await planRepairs(source, this.repairs, signal, deadline);
    return { ...made, map: made.map?.over(new DetachedSource(source.size)) };
  }
}
