import type { BigIntStats } from 'node:fs';
import { stateOf, THIS_WRITER, type Writer } from './writer.js';

/** No user's file is called that by chance. */
const NAME = /^\.playhead-(optimize|write)-([0-9a-f]{8})-(\d{1,10})-(\d{1,20})-([0-9a-f]{8})-\d{1,9}\.tmp$/;

/** What a temporary file or folder is for. */
export type TemporaryPurpose = 'optimize' | 'write';

/** Milliseconds. A writer that cannot be asked for, since it is of another machine, changes its file more often. */
const ABANDONED = 10 * 60_000;

let count = 0;

/** A name that nothing else has: it says who writes, so that later runs can tell whether they still do. */
export function temporaryName(purpose: TemporaryPurpose): string {
  const { host, pid, start, run } = THIS_WRITER;
  count += 1;
  return `.playhead-${purpose}-${host}-${pid}-${start}-${run}-${count}.tmp`;
}

/** Who wrote the temporary file of this name; undefined for the name of any other file. */
export function writerOf(name: string, purpose: TemporaryPurpose): Writer | undefined {
  const [, found, host, pid, start, run] = NAME.exec(name) ?? [];
  return found === purpose ? { host: host!, pid: Number(pid), start: start!, run: run! } : undefined;
}

/** Whether nobody works any more on what the writer left, by the times of that file or folder. */
export function isAbandoned(
  writer: Writer,
  { mtimeNs, ctimeNs }: Pick<BigIntStats, 'mtimeNs' | 'ctimeNs'>,
  nowMs: number,
): boolean {
  const state = stateOf(writer);
  if (state !== 'unknown') return state === 'ended';
  // Both: just before a file is complete it may get the modification time of the one it replaces.
  const touched = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return nowMs - Number(touched / 1_000_000n) > ABANDONED;
}
