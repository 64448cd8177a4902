/**
 * Byte ranges, RFC 9110 §14.1.2 and §14.2. First and last positions exist only in this parser and in the
 * Content-Range printer; everywhere else a range is `{ offset, length }`.
 */

/** One member of a Range header as written; numbers beyond `Number.MAX_SAFE_INTEGER` are clamped to it. */
export type RangeSpec =
  { readonly first: number; readonly last: number | undefined } | { readonly suffix: number };

/** A satisfiable range of a representation: `length > 0`, `offset + length <= size`. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

const MEMBER = /^(\d*)-(\d*)$/;

/**
 * Parses a Range header value into its members in the order written.
 * Undefined means: ignore the header, as RFC 9110 §14.2 allows for an unknown unit and an invalid set.
 */
export function parseRange(value: string): RangeSpec[] | undefined {
  const equals = value.indexOf('=');
  if (equals < 0 || value.slice(0, equals).toLowerCase() !== 'bytes') return undefined;
  const specs: RangeSpec[] = [];
  for (const member of value.slice(equals + 1).split(',')) {
    const text = member.replace(/^[ \t]+|[ \t]+$/g, '');
    if (text === '') continue; // RFC 9110 §5.6.1.2: a recipient accepts empty list elements
    const spec = parseMember(text);
    if (!spec) return undefined;
    specs.push(spec);
  }
  return specs.length > 0 ? specs : undefined;
}

function parseMember(text: string): RangeSpec | undefined {
  const match = MEMBER.exec(text);
  if (!match) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '') return last === '' ? undefined : { suffix: clamp(last) };
  if (last === '') return { first: clamp(first), last: undefined };
  // Compared before clamping: 2^64+1 to 2^64 is invalid, although both clamp to the same number.
  return BigInt(first) > BigInt(last) ? undefined : { first: clamp(first), last: clamp(last) };
}

/** No size can exceed MAX_SAFE_INTEGER, so a larger position means the same as that one. */
function clamp(digits: string): number {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : Number.MAX_SAFE_INTEGER;
}

/** The satisfiable ranges among `specs` for a representation of `size` bytes, in the order written. */
export function resolveRanges(specs: readonly RangeSpec[], size: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const offset = 'suffix' in spec ? Math.max(0, size - spec.suffix) : spec.first;
    const end = 'suffix' in spec || spec.last === undefined ? size : Math.min(size, spec.last + 1);
    if (offset < end) ranges.push({ offset, length: end - offset });
  }
  return ranges;
}

/**
 * Merges ranges that overlap or lie at most `gap` bytes apart (RFC 9110 §15.3.7.2). No byte is then sent twice, and
 * with `gap` at least the size of a part's header the whole answer stays about the size of the file, however many
 * ranges are asked for. A merged range stands where its first member stood.
 */
export function coalesceRanges(ranges: readonly ByteRange[], gap: number): ByteRange[] {
  const byOffset = ranges.map((range, order) => ({ ...range, order })).sort((a, b) => a.offset - b.offset);
  const merged: { offset: number; length: number; order: number }[] = [];
  for (const range of byOffset) {
    const previous = merged.at(-1);
    if (previous && range.offset <= previous.offset + previous.length + gap) {
      previous.length = Math.max(previous.length, range.offset + range.length - previous.offset);
      previous.order = Math.min(previous.order, range.order);
    } else {
      merged.push({ ...range });
    }
  }
  return merged.sort((a, b) => a.order - b.order).map(({ offset, length }) => ({ offset, length }));
}

/** `bytes first-last/size` (RFC 9110 §14.4). */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`;
}

/** `bytes *` + `/size`: what a 416 answers (RFC 9110 §14.4). */
export function unsatisfiedContentRange(size: number): string {
  return `bytes */${size}`;
}
