import { BROWSERS, type BrowserName } from '../core/playability/index.js';
import { isFineStatus, statusOf } from './file-status.js';
import { inspectFiles } from './inspect-files.js';
import { printLine } from './report-line.js';
import { printInspection } from './report-table.js';
import { TagReader } from './tags/tag-reader.js';

/** The flags of `playhead inspect`. */
export interface InspectOptions {
  readonly recursive?: boolean;
  readonly json?: boolean;
  /** All, if none is named. */
  readonly browser?: readonly BrowserName[];
}

/** Resolves to the exit code: 1 when a file would not start at once or not play, or cannot be inspected. */
export async function inspectCommand(
  files: readonly string[],
  { recursive = false, json = false, browser = BROWSERS }: InspectOptions,
  write: (text: string) => void,
): Promise<number> {
  const print = recursive ? printLine : printInspection;
  const tags = new TagReader();
  let exitCode = 0;
  for await (const inspection of inspectFiles(files, recursive, tags)) {
    write(json ? `${JSON.stringify(inspection)}\n` : print(inspection, browser));
    if ('error' in inspection || !isFineStatus(statusOf(inspection.report, browser))) exitCode = 1;
  }
  await tags.close();
  return exitCode;
}
