/** What to do with an entry whose name is taken where it goes. */
export type Choice = 'replace' | 'rename' | 'skip';

export interface Decision {
  readonly choice: Choice;
  /** For everything that comes after it too. */
  readonly all: boolean;
}

/**
 * Asks what to do with each of the entries whose name is taken, until somebody decides for all. A decision that cannot be
 * followed, such as to replace a folder, is asked for again.
 * @param ask answers undefined when somebody thought better of it: what is left is skipped
 * @returns what to do again, and how
 */
export async function decide<Item>(
  items: readonly Item[],
  mayReplace: (item: Item) => boolean,
  ask: (item: Item, left: number) => Promise<Decision | undefined>,
): Promise<ReadonlyMap<Item, 'replace' | 'rename'>> {
  const decided = new Map<Item, 'replace' | 'rename'>();
  let forAll: Choice | undefined;
  for (const [index, item] of items.entries()) {
    let choice = forAll;
    if (choice === undefined || (choice === 'replace' && !mayReplace(item))) {
      const decision = await ask(item, items.length - index - 1);
      if (!decision) break;
      choice = decision.choice;
      if (decision.all) forAll = choice;
    }
    if (choice !== 'skip') decided.set(item, choice);
  }
  return decided;
}
