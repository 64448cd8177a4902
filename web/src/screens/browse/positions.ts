import type { FolderView } from './folder.svelte.ts';

/** Where somebody was in a listing. */
export interface Position {
  /** In CSS pixels. */
  readonly scrollTop: number;
  readonly active: number;
}

const KEPT = 100;
const STORED = 'playhead.position';
const positions = new Map<string, Position>();
let poppedAt = -Infinity;

addEventListener('popstate', () => {
  poppedAt = performance.now();
});

/** Whether the keys for back and forward have just been pressed: then people expect to be where they were. */
export function isReturning(): boolean {
  return performance.now() - poppedAt < 500;
}

export function keepPosition(view: FolderView, position: Position): void {
  const key = JSON.stringify(view);
  positions.delete(key);
  positions.set(key, position);
  const [oldest] = positions.keys();
  if (positions.size > KEPT && oldest !== undefined) positions.delete(oldest);
}

export function positionIn(view: FolderView): Position | undefined {
  return positions.get(JSON.stringify(view));
}

/** Keeps the position over a reload of the page. */
export function storePosition(view: FolderView, position: Position): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ view: JSON.stringify(view), ...position }));
  } catch {
    // Where storage is refused, a reload begins at the top.
  }
}

/** The position from before the page was loaded anew, once. */
export function takeStoredPosition(view: FolderView): Position | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? 'null') as
      (Position & { view: string }) | null;
    sessionStorage.removeItem(STORED);
    // Whoever comes by the address begins at the top.
    const [came] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (came?.type === 'navigate') return undefined;
    return stored?.view === JSON.stringify(view) ? stored : undefined;
  } catch {
    return undefined;
  }
}
