import { SvelteSet } from 'svelte/reactivity';
import { api, data } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import type { components } from '../../api/schema.d.ts';
import { reportFailures, type Failure } from '../manage/failures.ts';
import { restore } from '../manage/remove.ts';
import { working } from '../manage/working.ts';
import { t } from '../../i18n/language.svelte.ts';

export type TrashEntry = components['schemas']['TrashEntry'];

/** Entries asked for by one request. */
const PAGE = 200;

/** The trash as far as it has been fetched, the latest first, and what of it is selected. */
export class Bin {
  entries = $state.raw<readonly TrashEntry[] | undefined>();
  problem = $state.raw<unknown>();
  readonly selected = new SvelteSet<string>();
  #cursor = $state.raw<string | undefined>();

  /** Whether there is more than what is here. */
  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  get chosen(): readonly TrashEntry[] {
    return this.entries?.filter(({ id }) => this.selected.has(id)) ?? [];
  }

  /** Fetches the next page; the first at first. Rejects never: see `problem`. */
  async more(): Promise<void> {
    this.problem = undefined;
    const query = { limit: PAGE, ...(this.#cursor !== undefined && { cursor: this.#cursor }) };
    try {
      const { entries, links } = await data(api.GET('/api/v1/trash', { params: { query } }));
      this.entries = [...(this.entries ?? []), ...entries];
      this.#cursor = new URLSearchParams(links.next?.split('?')[1]).get('cursor') ?? undefined;
    } catch (error) {
      this.problem = error;
    }
  }

  async putBack(entries: readonly TrashEntry[]): Promise<void> {
    this.#forget(await restore(entries));
  }

  /** Removes them for good: there is no way back. */
  async purge(entries: readonly TrashEntry[]): Promise<void> {
    const gone = new Set<string>();
    const failures: Failure[] = [];
    await working(t().manage.working.delete(entries.length), entries.length, async ({ signal, progress }) => {
      for (const [index, { id, path }] of entries.entries()) {
        if (signal.aborted) return;
        try {
          await data(api.DELETE('/api/v1/trash/{id}', { params: { path: { id } } }));
          gone.add(id);
        } catch (problem) {
          if (isProblem(problem, 'not-found')) gone.add(id);
          else failures.push({ path, problem });
        }
        progress(index + 1);
      }
    });
    this.#forget(gone);
    reportFailures(failures);
  }

  /** Removes for good all that one may. @returns how many. @throws ApiProblem */
  async empty(): Promise<number> {
    const { removed } = await data(api.DELETE('/api/v1/trash'));
    this.selected.clear();
    this.entries = undefined;
    this.#cursor = undefined;
    await this.more();
    return removed;
  }

  #forget(gone: ReadonlySet<string>): void {
    this.entries = this.entries?.filter(({ id }) => !gone.has(id));
    for (const id of gone) this.selected.delete(id);
    if (this.entries?.length === 0 && this.hasMore) void this.more();
  }
}
