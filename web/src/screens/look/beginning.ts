import { problemOf } from '../../api/problem.ts';
import type { FileEntry } from '../../api/types.ts';

/** What has been read of a text file. */
export interface Beginning {
  readonly text: string;
  /** Bytes read. */
  readonly read: number;
  /** Bytes there are. */
  readonly size: number;
  /** As `TextDecoder` calls it. */
  readonly encoding: string;
}

/** Bytes of a text that are fetched at a time. */
export const PIECE = 262_144;

const EMPTY: Beginning = { text: '', read: 0, size: 0, encoding: 'utf-8' };

/** The first bytes of a file as text. @param length in bytes @throws ApiProblem */
export async function readBeginning(
  { links: { file: url }, size: known }: Pick<FileEntry, 'links' | 'size'>,
  length: number,
  signal: AbortSignal,
): Promise<Beginning> {
  // An empty file has no first byte to ask for.
  if (known === 0) return EMPTY;
  // Of a file that has grown, Chromium's cache asks only for the bytes it had, and hands out those as if they were all.
  const headers = { Range: `bytes=0-${length - 1}` };
  const response = await fetch(url, { headers, signal, cache: 'no-store' }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw problemOf(undefined, undefined);
  });
  // It has become empty meanwhile.
  if (response.status === 416) return EMPTY;
  if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const size = Number(/\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? bytes.length);
  return { ...decode(bytes, bytes.length < size), read: bytes.length, size };
}

const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** By its byte order mark, as UTF-8 where it is that, and else as the commonest of the old encodings it can be. */
export function decode(bytes: Uint8Array, isCut: boolean): { text: string; encoding: string } {
  const marked = MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1];
  const old = looksChinese(bytes) ? ['gb18030'] : [];
  for (const encoding of marked ? [marked] : ['utf-8', ...old, 'windows-1252']) {
    try {
      const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252' && !marked });
      // A character may be cut in two at the end of a piece.
      return { text: decoder.decode(bytes, { stream: isCut }), encoding };
    } catch {
      continue;
    }
  }
  return { text: new TextDecoder().decode(bytes), encoding: 'utf-8' };
}

/**
 * Whether a text that is no UTF-8 is rather Chinese than of Western Europe. What a word of German or French has of
 * letters with marks stands alone or in pairs; Chinese stands in rows of bytes above 127, two for each character.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let [high, inRows, row] = [0, 0, 0];
  for (const byte of bytes) {
    row = byte >= 0x80 ? row + 1 : 0;
    if (row === 0) continue;
    high++;
    if (row === 4) inRows += 4;
    else if (row > 4) inRows++;
  }
  return inRows * 2 >= high;
}

/** Whether somebody can read it: text has no NUL, and few other control characters. */
export function isText(text: string): boolean {
  const beginning = text.slice(0, 4096);
  // eslint-disable-next-line no-control-regex -- these are what it looks for
  const controls = beginning.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  return !beginning.includes('\0') && controls <= beginning.length / 100;
}
