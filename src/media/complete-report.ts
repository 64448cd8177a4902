import { inspectMedia, type MediaReport } from '../core/media/index.js';
import { judge, type Playability } from '../core/playability/index.js';
import type { Repaired, RepairOutcome } from '../core/repairs/index.js';

/** A media report with what can be made of the file. Plain JSON. */
export interface CompleteReport extends MediaReport {
  /** What `/stream` changes, and what it cannot; a repair that is not needed is not in it. */
  readonly repairs: readonly RepairOutcome[];
  /** Null for pictures. */
  readonly playability: Playability | null;
}

/**
 * Adds repairs and verdict to a report. The repaired file is inspected like any other, so the verdict on `/stream` is
 * about what it sends, not about what a repair claims.
 *
 * @param repaired over a source that is open
 * @throws what the source throws
 */
export async function completeReport(
  report: MediaReport,
  { map, outcomes }: Repaired,
): Promise<CompleteReport> {
  const streamed = (map && (await inspectMedia(map))) ?? null;
  return { ...report, repairs: outcomes, playability: judge(report, { outcomes, report: streamed }) };
}
