import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { inspectMedia } from '../core/media/index.js';
import { planRepairs, REPAIRS } from '../core/repairs/index.js';
import { DiskSource } from '../storage/drivers/local-disk/disk-source.js';
import { openVerified } from '../storage/drivers/local-disk/open-verified.js';
import type { TagReader } from './tags/tag-reader.js';
import { completeReport, type CompleteReport } from './complete-report.js';

/** Milliseconds that finding out about the repairs of one file may take. */
const PATIENCE = 10_000;

/** A file and what became of inspecting it. */
export type FileInspection =
  | { readonly file: string; readonly report: CompleteReport }
  | { readonly file: string; readonly error: string };

/**
 * Inspects files on disk without a server, in the order given.
 * @param recursive whether folders are looked into: then what is no media in them is passed over, as are hidden names
 * and links. Otherwise a folder is an error.
 */
export async function* inspectFiles(
  names: readonly string[],
  recursive: boolean,
  tags: Pick<TagReader, 'read'>,
): AsyncGenerator<FileInspection> {
  for (const name of names) {
    try {
      const stats = await stat(name);
      if (!stats.isDirectory()) {
        yield await inspectFile(name, 'is no media, or in a container that is not known here', tags);
      } else if (recursive) {
        yield* inspectFolder(name, tags);
      } else {
        yield { file: name, error: 'is a folder; use -r to inspect what is in it' };
      }
    } catch (error) {
      yield { file: name, error: explain(error as NodeJS.ErrnoException) };
    }
  }
}

async function* inspectFolder(folder: string, tags: Pick<TagReader, 'read'>): AsyncGenerator<FileInspection> {
  const entries = [];
  for await (const entry of await opendir(folder)) {
    if (!entry.name.startsWith('.')) entries.push(entry);
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const entry of entries) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* inspectFolder(name, tags);
    } else if (entry.isFile()) {
      const inspection = await inspectFile(name, NO_MEDIA, tags);
      if (!('error' in inspection) || inspection.error !== NO_MEDIA) yield inspection;
    }
  }
}

const NO_MEDIA = 'no media';

async function inspectFile(
  file: string,
  noMedia: string,
  tags: Pick<TagReader, 'read'>,
): Promise<FileInspection> {
  try {
    const opened = await openVerified(file);
    if (!opened) return { file, error: 'is no ordinary file' };
    try {
      const source = new DiskSource(opened.descriptor, Number(opened.stats.size));
      const report = await inspectMedia(source);
      if (!report) return { file, error: noMedia };
      const repaired = planRepairs(source, REPAIRS, undefined, AbortSignal.timeout(PATIENCE));
      return { file, report: (await completeReport(source, report, { repaired, tags })).report };
    } finally {
      await opened.descriptor.close();
    }
  } catch (error) {
    return { file, error: explain(error as NodeJS.ErrnoException) };
  }
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  return `cannot be read (${code ?? message})`;
}
