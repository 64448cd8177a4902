/** How entries are laid out: in rows of one height, each with the same number of columns. */
export interface Layout {
  readonly columns: number;
  /** In CSS pixels, as all lengths here. */
  readonly rowHeight: number;
}

/** Tiles are at least this wide; two stand beside each other on the narrowest phone. */
const TILE = 168;
/** Below the picture of a tile: a name of two lines, and one more. */
const TILE_TEXT = 72;
export const TILE_GAP = 12;

/** How tiles are laid out in this width. Their pictures are 4 by 3. */
export function tileLayout(width: number): Layout {
  const columns = Math.max(2, Math.floor((width + TILE_GAP) / (TILE + TILE_GAP)));
  const tile = (width - TILE_GAP * (columns - 1)) / columns;
  return { columns, rowHeight: Math.round(tile * 0.75) + TILE_TEXT + TILE_GAP };
}

/** The rows that are seen, and some on both sides so that a quick hand does not outrun them. */
export function rowsSeen(
  scrollTop: number,
  height: number,
  rowHeight: number,
  rowCount: number,
): { first: number; last: number } {
  const seen = Math.ceil(height / rowHeight);
  const top = Math.floor(scrollTop / rowHeight);
  const beyond = Math.max(4, Math.ceil(seen / 2));
  const last = Math.min(rowCount - 1, top + seen + beyond);
  return { first: Math.max(0, Math.min(top - beyond, last)), last };
}

/** Where to scroll so that the row is seen whole, by as little as possible. */
export function scrollToRow(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}

/**
 * Where a key leads from an entry. Undefined for other keys.
 * @param perPage rows that are seen at a time
 */
export function moveBy(
  key: string,
  from: number,
  { count, columns, perPage }: { count: number; columns: number; perPage: number },
): number | undefined {
  const steps: Record<string, number> = {
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * Math.max(1, perPage - 1),
    PageDown: columns * Math.max(1, perPage - 1),
    Home: -Infinity,
    End: Infinity,
    ...(columns > 1 && { ArrowLeft: -1, ArrowRight: 1 }),
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const to = from + step;
  // From the last row but one down, where the last is shorter, one gets to its end; from the first row up, nowhere.
  if (key === 'ArrowDown' && to >= count)
    return Math.floor(from / columns) < Math.floor((count - 1) / columns) ? count - 1 : from;
  if (key === 'ArrowUp' && to < 0) return from;
  return Math.max(0, Math.min(count - 1, to));
}
