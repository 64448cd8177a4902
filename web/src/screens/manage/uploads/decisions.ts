/** What to do with a file whose name is taken. */
export type Choice = 'replace' | 'rename' | 'skip';

export interface Decision {
  readonly choice: Choice;
  /** For all others of the same batch too. */
  readonly all: boolean;
}

/** Decisions for all of a batch. What was decided for files cannot replace a folder: then it is asked for. */
export class Decisions {
  readonly #forAll = new Map<string, Choice>();

  /** What was decided for all, if that can be done here. */
  of(batch: string, mayReplace: boolean): Choice | undefined {
    const choice = this.#forAll.get(batch);
    return choice === 'replace' && !mayReplace ? undefined : choice;
  }

  /** @param decision undefined when somebody thought better of it: then the rest is left alone too */
  take(batch: string, decision: Decision | undefined): Choice {
    const { choice, all } = decision ?? { choice: 'skip', all: true };
    if (all) this.#forAll.set(batch, choice);
    return choice;
  }
}
