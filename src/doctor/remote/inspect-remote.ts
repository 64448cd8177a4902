import { MemorySource } from '../../core/bytes/index.js';
import { inspectMedia, type MediaReport } from '../../core/media/index.js';
import { rangedSize, stableTag, whole } from '../requests.js';
import { type Visit } from '../visit.js';
import { WireError } from '../wire/wire-error.js';
import { HttpSource, SourceError } from './http-source.js';

/** Of a file that only comes from its start: enough for the index of most films, should it stand in front. */
const START = 2 ** 20;

/** What the bytes behind a URL are. */
export type RemoteReport =
  | { readonly kind: 'media'; readonly report: MediaReport; readonly byRanges: boolean }
  /** Only the start could be read, since the server has no ranges: sizes and problems of the rest are not known. */
  | { readonly kind: 'start'; readonly report: MediaReport }
  | { readonly kind: 'other' }
  | { readonly kind: 'unread'; readonly reason: SourceError['reason'] | 'limit'; readonly why: string };

const reports = new WeakMap<Visit, Promise<RemoteReport>>();

/**
 * What the bytes behind a URL are: read by ranges, or from what the start of the file shows where there are none. They
 * are looked at when somebody asks first.
 * @throws {WireError}
 */
export function inspected(visit: Visit): Promise<RemoteReport> {
  const report = reports.get(visit) ?? inspectRemote(visit);
  reports.set(visit, report);
  return report;
}

/** The report of the media, if somebody asked for it and all of it could be read. */
export async function wholeReport(visit: Visit): Promise<MediaReport | null> {
  const result = await reports.get(visit)?.catch(() => undefined);
  return result?.kind === 'media' ? result.report : null;
}

async function inspectRemote(visit: Visit): Promise<RemoteReport> {
  const size = await rangedSize(visit);
  if (size === undefined) return inspectStart(visit);
  const tag = await stableTag(visit);
  const pin = tag !== undefined && (await honoursIfRange(visit, tag)) ? tag : undefined;
  try {
    const report = await inspectMedia(new HttpSource(visit, size, pin));
    return report ? { kind: 'media', report, byRanges: true } : { kind: 'other' };
  } catch (error) {
    if (error instanceof SourceError) return { kind: 'unread', reason: error.reason, why: error.message };
    if (error instanceof WireError) return { kind: 'unread', reason: 'limit', why: error.message };
    throw error;
  }
}

/** Whether a range comes as a range when the condition holds (RFC 9110 §13.1.5). */
export async function honoursIfRange(visit: Visit, tag: string): Promise<boolean> {
  return (await visit.send({ fields: { Range: 'bytes=0-1', 'If-Range': tag } })).status === 206;
}

async function inspectStart(visit: Visit): Promise<RemoteReport> {
  const answer = await visit.send({ keep: START });
  const total = (await whole(visit)).length;
  const isWhole = answer.end === 'complete' && (total === undefined || total === answer.body.length);
  const report = await inspectMedia(new MemorySource(answer.body));
  if (!report) return { kind: 'other' };
  return isWhole ? { kind: 'media', report, byRanges: false } : { kind: 'start', report };
}
