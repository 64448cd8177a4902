import { inspectMedia, type Container, type MediaReport, type Problem } from '../core/media/index.js';
import { judge, type Playability } from '../core/playability/index.js';
import { isConclusive, type Repaired, type RepairOutcome } from '../core/repairs/index.js';
import type { ByteSource } from '../core/bytes/index.js';
import type { TagReader, TagResult } from './tags/tag-reader.js';
import type { Tags } from './tags/tags.js';

/** A media report with what can be made of the file. Plain JSON. */
export interface CompleteReport extends MediaReport {
  /** Of its tags; null where there are none, or they could not be read. */
  readonly metadata: Tags | null;
  /** What `/stream` changes, and what it cannot; a repair that is not needed is not in it. */
  readonly repairs: readonly RepairOutcome[];
  /** Null for pictures. */
  readonly playability: Playability | null;
}

/** What completing a report needs beyond the file. */
export interface Completion {
  readonly repaired: Promise<Repaired>;
  readonly tags: Pick<TagReader, 'read'>;
}

/** A report, and whether making it again would find out nothing else. */
export interface Completed {
  readonly report: CompleteReport;
  readonly conclusive: boolean;
}

/** Containers that carry tags the library reads. */
const TAGGED: readonly Container[] = [
  ...(['mp4', 'm4a', 'quicktime', 'matroska', 'webm', 'ogg', 'mp3'] as const),
  ...(['flac', 'wav', 'aiff', 'aac', 'asf'] as const),
];

/**
 * Adds tags, repairs and verdict to a report. The repaired file is inspected like any other, so the verdict on `/stream`
 * is about what it sends, not about what a repair claims.
 *
 * @param source open, and beneath the map of the repaired file
 * @throws what the source throws
 */
export async function completeReport(
  source: ByteSource,
  report: MediaReport,
  completion: Completion,
): Promise<Completed> {
  const [repaired, tags] = await Promise.all([
    completion.repaired,
    mayTryLibrary(report) ? completion.tags.read(source, report.mediaType) : NO_TAGS,
  ]);
  const { map, outcomes } = repaired;
  const streamed = (map && (await inspectMedia(map))) ?? null;
  return {
    report: {
      ...report,
      problems: [...report.problems, ...tagProblems(tags)],
      metadata: typeof tags === 'string' ? null : tags.tags,
      repairs: outcomes,
      playability: judge(report, { outcomes, report: streamed }),
    },
    conclusive: isConclusive(repaired) && tags !== 'busy',
  };
}

/** A file that is broken, or a maze of boxes, is nothing to try a library on. */
export function mayTryLibrary({ container, problems }: MediaReport): boolean {
  const sound = problems.every(({ severity, code }) => severity !== 'error' && code !== 'too-many-boxes');
  return TAGGED.includes(container) && sound;
}

const NO_TAGS: TagResult = { tags: null };

function tagProblems(tags: TagResult): Problem[] {
  if (typeof tags !== 'string') return [];
  const why = tags === 'busy' ? 'since other files took the time' : 'within the time and memory for it';
  return [
    { code: 'metadata-unread', severity: 'info', message: `The tags of the file could not be read ${why}.` },
  ];
}
