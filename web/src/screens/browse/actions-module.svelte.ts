import type * as manage from '../manage/actions.ts';

type ActionsModule = typeof manage;

let loaded = $state.raw<ActionsModule | undefined>();

/** Loads what can be done with entries; the first view does without. */
export async function loadActions(): Promise<void> {
  loaded ??= await import('../manage/actions.ts');
}

/** Reactive. */
export function actionsModule(): ActionsModule | undefined {
  return loaded;
}
