/** Where somebody was in a file: its key, the second, and when that was (milliseconds since 1970). */
export type Position = readonly [key: string, seconds: number, at: number];

/** What is remembered at most; the oldest go first. */
const MOST = 300;
/** Seconds. Shorter files are begun anew by anybody. */
const LONG = 300;
const STORE = 'playhead.positions';

/** What a version of a file is remembered by. */
export function keyOf({ path, etag }: { readonly path: string; readonly etag: string }): string {
  return `${etag}${path}`;
}

/** Whether to go on from there: in a long file, neither hardly begun nor almost over. */
export function isWorthRemembering(seconds: number, duration: number): boolean {
  return (
    Number.isFinite(duration) && duration > LONG && seconds > duration * 0.05 && seconds < duration * 0.95
  );
}

/** The positions with this one as the newest, or without it where there is nothing to go on from. */
export function withPosition(
  positions: readonly Position[],
  key: string,
  seconds: number | undefined,
  now: number,
): readonly Position[] {
  const others = positions.filter(([other]) => other !== key);
  return seconds === undefined ? others : [...others, [key, Math.floor(seconds), now] as const].slice(-MOST);
}

/** What is stored, of which anything may be broken. */
export function parsePositions(stored: string | null): readonly Position[] {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.filter(isPosition).slice(-MOST) : [];
}

/** The second to go on from. */
export function positionOf(key: string): number | undefined {
  return read().find(([other]) => other === key)?.[1];
}

/** Remembers where somebody is in a file; forgets it when there is nothing to go on from. */
export function rememberPosition(key: string, seconds: number, duration: number): void {
  const worth = isWorthRemembering(seconds, duration) ? seconds : undefined;
  const before = read();
  if (worth === undefined && !before.some(([other]) => other === key)) return;
  try {
    localStorage.setItem(STORE, JSON.stringify(withPosition(before, key, worth, Date.now())));
  } catch {
    // Private windows and full disks: it is begun anew next time.
  }
}

function read(): readonly Position[] {
  try {
    return parsePositions(localStorage.getItem(STORE));
  } catch {
    return [];
  }
}

function isPosition(value: unknown): value is Position {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    Number.isFinite(value[1]) &&
    Number(value[1]) >= 0 &&
    Number.isFinite(value[2])
  );
}
