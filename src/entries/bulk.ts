import { Injectable, Logger } from '@nestjs/common';
import type { AuthorizedRequest } from '../auth/principal.js';
import { invalidBody } from '../auth/read-json.js';
import type { Entry } from '../browse/entry.js';
import { conflictPolicyIn, membersOf, pathIn } from '../changes/change-body.js';
import type { Problem } from '../core/problem/index.js';
import { toProblem } from '../problem/to-problem.js';
import { Trash } from '../trash/trash.js';
import type { TrashEntry } from '../trash/trash-entry.js';
import { EntryChange, type ChangedEntry } from './entry-change.js';

/** How one operation went: its status is that of a request for it alone. */
export interface OperationResult {
  readonly status: number;
  /** What is there now. */
  readonly entry?: Entry;
  /** What is in the trash now. */
  readonly trashEntry?: TrashEntry;
  readonly problem?: Problem;
}

/** The same before tags have settled. */
type Outcome = OperationResult | { readonly status: number; readonly changed: ChangedEntry };

type Operation = Readonly<Record<string, unknown>>;

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  move: ['op', 'from', 'to', 'onConflict'],
  copy: ['op', 'from', 'to', 'onConflict'],
  makeFolder: ['op', 'path'],
  delete: ['op', 'path', 'permanent'],
};

/** Makes many changes, one after the other. */
@Injectable()
export class Bulk {
  readonly #logger = new Logger('Bulk');

  constructor(
    private readonly change: EntryChange,
    private readonly trash: Trash,
  ) {}

  /** @throws the signal's reason; what was done by then stays */
  async run(
    request: AuthorizedRequest,
    operations: readonly unknown[],
    signal: AbortSignal,
  ): Promise<OperationResult[]> {
    const results: Outcome[] = [];
    for (const operation of operations) {
      signal.throwIfAborted();
      results.push(
        await this.#attempt(request, operation, signal).catch((error: unknown) => {
          signal.throwIfAborted();
          return this.#explain(request, error);
        }),
      );
    }
    // The tags of all settle together.
    return Promise.all(results.map((outcome) => this.#settle(request, outcome)));
  }

  async #settle(request: AuthorizedRequest, outcome: Outcome): Promise<OperationResult> {
    if (!('changed' in outcome)) return outcome;
    return { status: outcome.status, entry: (await this.change.settle(request, outcome.changed)).entry };
  }

  async #attempt(request: AuthorizedRequest, body: unknown, signal: AbortSignal): Promise<Outcome> {
    const { op } = (body ?? {}) as Operation;
    const members = typeof op === 'string' && Object.hasOwn(MEMBERS, op) ? MEMBERS[op] : undefined;
    if (!members) throw invalidBody(`must have an op of ${Object.keys(MEMBERS).join(', ')}`);
    const operation = membersOf(body, members);
    if (op === 'delete') return this.#delete(request, operation, signal);
    if (op === 'makeFolder')
      return made(await this.change.makeFolder(request, pathIn(operation.path, 'path')));
    const [from, to] = [pathIn(operation.from, 'from'), pathIn(operation.to, 'to')];
    const options = { onConflict: conflictPolicyIn(operation.onConflict), signal };
    if (op === 'copy') return made(await this.change.copy(request, from, to, options));
    return { status: 200, changed: await this.change.move(request, from, to, options) };
  }

  async #delete(
    request: AuthorizedRequest,
    { path, permanent = false }: Operation,
    signal: AbortSignal,
  ): Promise<OperationResult> {
    if (typeof permanent !== 'boolean') throw invalidBody('must have true or false as permanent, if any');
    const trashEntry = await this.trash.delete(request, pathIn(path, 'path'), { permanent, signal });
    return trashEntry ? { status: 200, trashEntry } : { status: 204 };
  }

  #explain(request: AuthorizedRequest, error: unknown): OperationResult {
    const problem = toProblem(error);
    if (problem.status >= 500)
      this.#logger.error({ err: error, reqId: request.id }, 'an operation among many failed');
    return { status: problem.status, problem: problem.toProblem(request.id) };
  }
}

function made(changed: ChangedEntry): Outcome {
  return { status: changed.created ? 201 : 200, changed };
}
