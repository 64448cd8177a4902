/** What somebody has just changed with this page. */
export interface Change {
  /** Paths of the folders whose lists are not what they were. */
  readonly folders: readonly string[];
  /** Paths of what has come to be there. One alone is worth showing. */
  readonly made: readonly string[];
  /** Paths of what is not there any more. */
  readonly gone: readonly string[];
}

let last = $state.raw<Change | undefined>();

/** The last change; a new object each time. Reactive: whoever shows one of the folders fetches it anew. */
export function lastChange(): Change | undefined {
  return last;
}

export function announce(change: Change): void {
  last = change;
}
