import { type Answer } from './wire/answer.js';
import { FIRST_REQUEST, SOME_BYTES, type Visit } from './visit.js';

/** What Chromium and Firefox ask first, and Chromium's answer to it is the first there is: `bytes=0-`. */
export function openRange(visit: Visit): Promise<Answer> {
  return visit.send({ fields: FIRST_REQUEST });
}

/** What Apple's players ask first: two bytes, to learn whether ranges work and how long the file is. */
export function appleProbe(visit: Visit): Promise<Answer> {
  return visit.send({ fields: { Range: 'bytes=0-1' } });
}

/** What WebKitGTK asks first, and every download: no range at all. */
export function whole(visit: Visit): Promise<Answer> {
  return visit.send({});
}

/** `length` bytes from `offset`. */
export function slice(visit: Visit, offset: number, length: number): Promise<Answer> {
  return visit.send({ fields: { Range: `bytes=${offset}-${offset + length - 1}` }, keep: length });
}

export function ranged(visit: Visit, range: string, keep = SOME_BYTES): Promise<Answer> {
  return visit.send({ fields: { Range: range }, keep });
}

/**
 * The size of the file in bytes, where ranges work well enough to go on: Apple's probe was answered by 206, with a
 * Content-Range that has the size and with the bytes it names. Undefined otherwise; what is amiss then, the checks for
 * that probe tell.
 */
export async function rangedSize(visit: Visit): Promise<number | undefined> {
  const { status, encoding, range, length, body, end } = await appleProbe(visit);
  if (status !== 206 || encoding || range?.first !== 0) return undefined;
  const isExact =
    end === 'complete' && body.length === range.last + 1 && (length ?? body.length) === body.length;
  return isExact ? range.size : undefined;
}

/**
 * What a server that ignores ranges, and answers both first questions by 200 with the whole file, says of them in
 * Accept-Ranges all the same. Undefined when it does not ignore them.
 */
export async function rangesIgnored(visit: Visit): Promise<'announced' | 'not-announced' | undefined> {
  const [open, probe] = [await openRange(visit), await appleProbe(visit)];
  if (open.status !== 200 || probe.status !== 200) return undefined;
  return probe.field('accept-ranges')?.toLowerCase() === 'bytes' ? 'announced' : 'not-announced';
}

/** The entity tag as sent, where it is the same in two answers; the checks for tags tell of the others. */
export async function stableTag(visit: Visit): Promise<string | undefined> {
  const tag = (await openRange(visit)).field('etag');
  const again = (await appleProbe(visit)).field('etag');
  return tag === again ? tag : undefined;
}
