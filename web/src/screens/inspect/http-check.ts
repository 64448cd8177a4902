/** What is tried; the words by which the page explains it. */
export type CheckName =
  | 'reached'
  | 'first'
  | 'middle'
  | 'suffix'
  | 'open'
  | 'ifRange'
  | 'acceptRanges'
  | 'etag'
  | 'type'
  | 'encoding';

export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
  /** What came, in the words of HTTP. */
  readonly got: string;
  /** What should have come. */
  readonly wanted: string;
}

export interface HttpReport {
  readonly url: string;
  readonly checks: readonly Check[];
  /** Milliseconds from asking for all of it until its first bytes; undefined where none came. */
  readonly firstByte: number | undefined;
}

export interface Subject {
  readonly url: string;
  /** Of the file in bytes, where it is known beforehand: a repaired form may be longer. */
  readonly size?: number;
  /** The media type, without parameters. */
  readonly type: string;
}

/** Bytes asked for from the middle: enough that something has to be read, little enough for a slow line. */
const MIDDLE = 65_536;

/**
 * Asks for a file as players do, and says what of that does not work (RFC 9110, 14: range requests; 8.8.3: entity tags).
 * Each answer is read no further than needed. A range behind the end is not tried: a browser reports the 416 that
 * answers it as an error of the page. @throws the signal's reason
 */
export async function checkHttp(
  { url, size, type }: Subject,
  { fetch: ask = fetch, signal }: { fetch?: typeof fetch; signal: AbortSignal },
): Promise<HttpReport> {
  const answer = (headers: Record<string, string>, most: number) => answerTo(ask, url, headers, most, signal);

  const first = await answer({ Range: 'bytes=0-1' }, 3);
  const reached = first.status === 200 || first.status === 206;
  const checks: Check[] = [{ name: 'reached', ok: reached, got: statusOf(first), wanted: '206' }];
  if (!reached) return { url, checks, firstByte: undefined };

  const total = size ?? totalOf(first);
  checks.push(checkOfRange('first', first, 0, 2, total));
  if (total !== undefined && total > 2) {
    const begin = Math.floor(total / 2);
    const length = Math.min(MIDDLE, total - begin);
    const middle = await answer({ Range: `bytes=${begin}-${begin + length - 1}` }, length + 1);
    checks.push(checkOfRange('middle', middle, begin, length, total));
    const suffix = Math.min(16, total);
    const end = await answer({ Range: `bytes=-${suffix}` }, suffix + 1);
    checks.push(checkOfRange('suffix', end, total - suffix, suffix, total));
  }
  const open = await answer({ Range: 'bytes=0-' }, 1);
  const whole = contentRange(0, total ?? 0, total);
  checks.push({
    name: 'open',
    ok: open.status === 206 && open.length > 0 && (total === undefined || rangeOf(open) === whole),
    got: `${open.status}, ${rangeOf(open) ?? '-'}`,
    wanted: `206, ${whole}`,
  });
  const etag = first.headers.get('ETag');
  if (etag !== null) {
    const same = await answer({ Range: 'bytes=0-1', 'If-Range': etag }, 3);
    const other = await answer({ Range: 'bytes=0-1', 'If-Range': '"another-version"' }, 1);
    checks.push({
      name: 'ifRange',
      ok: same.status === 206 && same.length === 2 && other.status === 200,
      got: `${same.status}, ${other.status}`,
      wanted: '206, 200',
    });
  }
  checks.push(...checksOfFields(first.headers, type));
  return { url, checks, firstByte: open.length > 0 ? open.firstByte : undefined };
}

function checkOfRange(
  name: CheckName,
  answer: Answer,
  begin: number,
  length: number,
  total: number | undefined,
): Check {
  const range = contentRange(begin, length, total);
  const ok =
    answer.status === 206 && answer.length === length && (total === undefined || rangeOf(answer) === range);
  const got = `${answer.status}, ${rangeOf(answer) ?? '-'}, ${answer.length} B`;
  return { name, ok, got, wanted: `206, ${range}, ${length} B` };
}

function checksOfFields(headers: Headers, type: string): Check[] {
  const [etag, ranges, contentType, encoding] = [
    'ETag',
    'Accept-Ranges',
    'Content-Type',
    'Content-Encoding',
  ].map((name) => headers.get(name));
  return [
    // A weak one does not promise the same bytes, so a range of one version could be joined to another.
    { name: 'etag', ok: etag?.startsWith('"') ?? false, got: etag ?? '-', wanted: '"..."' },
    { name: 'acceptRanges', ok: ranges?.toLowerCase() === 'bytes', got: ranges ?? '-', wanted: 'bytes' },
    { name: 'type', ok: essenceOf(contentType) === type, got: contentType ?? '-', wanted: type },
    { name: 'encoding', ok: !encoding || encoding === 'identity', got: encoding ?? '-', wanted: '-' },
  ];
}

interface Answer {
  /** 0 where none came. */
  readonly status: number;
  readonly headers: Headers;
  /** Bytes that came; a few more than wanted are enough to see that there are too many. */
  readonly length: number;
  /** Milliseconds until the first of them. */
  readonly firstByte: number;
}

/** @param most bytes after which the rest is not waited for */
async function answerTo(
  ask: typeof fetch,
  url: string,
  headers: Record<string, string>,
  most: number,
  signal: AbortSignal,
): Promise<Answer> {
  const begin = performance.now();
  let [length, firstByte] = [0, 0];
  let response: Response | undefined;
  const enough = new AbortController();
  try {
    response = await ask(url, {
      headers,
      cache: 'no-store',
      signal: AbortSignal.any([signal, enough.signal]),
    });
    const reader = response.body?.getReader();
    while (reader && length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length === 0) firstByte = performance.now() - begin;
      length += value.length;
    }
    await reader?.cancel();
  } catch {
    // No answer, or one that breaks off: what has come tells.
    signal.throwIfAborted();
  } finally {
    enough.abort();
  }
  return { status: response?.status ?? 0, headers: response?.headers ?? new Headers(), length, firstByte };
}

/** How long the file is, by its answer to a range or as a whole. */
function totalOf({ status, headers }: Answer): number | undefined {
  const text =
    status === 206 ? /\/(\d+)$/.exec(headers.get('Content-Range') ?? '')?.[1] : headers.get('Content-Length');
  return text ? Number(text) : undefined;
}

function contentRange(begin: number, length: number, total: number | undefined): string {
  return `bytes ${begin}-${total === undefined && length === 0 ? '' : begin + length - 1}/${total ?? '*'}`;
}

function rangeOf({ headers }: Answer): string | undefined {
  return headers.get('Content-Range') ?? undefined;
}

function statusOf({ status }: Answer): string {
  return status === 0 ? '-' : String(status);
}

function essenceOf(contentType: string | null | undefined): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase();
}
