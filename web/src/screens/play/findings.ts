import { inspectionOf } from '../../api/inspections.ts';
import type { FileEntry } from '../../api/types.ts';
import { diagnose, isForeseen, type Diagnosis, type Facts, type Symptom } from './diagnosis.ts';
import { probeStream } from './probe.ts';
import { browserOf } from '../../lib/this-browser.ts';
import { wordOf } from './browser-word.ts';

/** Finds out why a file does not play: asks the server for it, and for its report, and this browser. Never rejects. */
export async function findOut(entry: FileEntry, symptom: Symptom, signal: AbortSignal): Promise<Diagnosis> {
  const answer =
    symptom === 'foreseen' ? undefined : await probeStream(entry.links.stream ?? entry.links.file, signal);
  return diagnose({ symptom, answer, ...(await known(entry, answer?.state !== 'refused')) });
}

/** Whether it can be told without trying that a file will not play here. Never rejects. */
export async function foresee(entry: FileEntry): Promise<boolean> {
  const { report, browser, word } = await known(entry, true);
  return !!report && !!word && isForeseen(report, browser, word);
}

async function known(
  entry: FileEntry,
  isThere: boolean,
): Promise<Pick<Facts, 'report' | 'browser' | 'word'>> {
  const report = isThere ? await inspectionOf(entry).catch(() => undefined) : undefined;
  const word = report?.playability ? await wordOf(report.playability) : undefined;
  return { report, browser: browserOf(navigator), word };
}
