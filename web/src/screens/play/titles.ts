import type { FileEntry, Inspection } from '../../api/types.ts';
import { stemOf } from '../../lib/paths.ts';

/** What a recording is called: by its tags, or else by its name. */
export function titleOf(entry: FileEntry, report: Inspection | undefined): string {
  return said(report?.metadata?.title) ?? stemOf(entry.name);
}

/** Who is heard, as far as the tags say; empty otherwise. */
export function artistOf(report: Inspection | undefined): string {
  return said(report?.metadata?.artist) ?? said(report?.metadata?.albumArtist) ?? '';
}

function said(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
