import { t } from '../../../i18n/language.svelte.ts';
import { isTyping } from '../../../lib/typing.ts';
import { loaded } from '../../../ui/loaded.ts';
import { toast } from '../../../ui/toasts.svelte.ts';
import type { Folder } from '../../browse/folder.svelte.ts';
import { choose, foundIn } from './choose.ts';
import { pastedName, stampOf } from './names.ts';
import { hasSaved } from './saved.ts';
import { type DroppedEntry, type Found, walk } from './walk.ts';

type Chosen = Iterable<Found> | AsyncIterable<Found>;

/** Lets somebody choose files, and uploads them. Call it while a press is handled. */
export function chooseFiles(folder: string): void {
  choose('files', (found) => upload(folder, found));
}

/** Lets somebody choose a folder, and uploads it with all that is in it. Call it while a press is handled. */
export function chooseFolder(folder: string): void {
  choose('folder', (found) => upload(folder, found));
}

/** Whether this browser can: some phones cannot. */
export function canChooseFolder(): boolean {
  return 'webkitdirectory' in HTMLInputElement.prototype;
}

/** Whether files of the desktop are dragged. While they are, only the types can be seen. */
export function hasFiles(transfer: DataTransfer): boolean {
  return transfer.types.includes('Files');
}

/** Uploads dropped files and folders. */
export function dropFiles(folder: string, transfer: DataTransfer): void {
  // When the event is over, its items are gone.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const entries: DroppedEntry[] = [];
  const files: File[] = [];
  for (const item of items) {
    const entry = item.webkitGetAsEntry() as DroppedEntry | null;
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    else if (file) files.push(file);
  }
  upload(folder, all(entries, files));
}

let here: Folder | undefined;
let isListening = false;

/**
 * Where a paste goes, and what is dropped beside the list. Tells too whether an earlier page has left something unfinished.
 */
export function follow(folder: Folder | undefined): void {
  here = folder;
  if (isListening) return;
  isListening = true;
  addEventListener('paste', pasted);
  addEventListener('dragover', draggedOver);
  addEventListener('drop', dropped);
  if (hasSaved(() => localStorage)) void load().then((uploads) => uploads?.restore());
}

async function* all(entries: readonly DroppedEntry[], files: readonly File[]): AsyncGenerator<Found, void> {
  yield* walk(entries);
  yield* foundIn(files);
}

function upload(folder: string, chosen: Chosen): void {
  void load().then((uploads) => uploads?.add(folder, chosen));
}

async function load() {
  return (await loaded(import('./uploads.svelte.ts')))?.uploads;
}

/** The folder that is shown, if somebody may upload there. */
function target(): string | undefined {
  const permissions = here?.info?.permissions ?? [];
  const mayWrite = permissions.includes('write') || permissions.includes('admin');
  return mayWrite ? here?.view.path : undefined;
}

function pasted(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0 || isTyping(event)) return;
  const folder = target();
  if (folder === undefined) return refuse();
  event.preventDefault();
  const stem = t().uploads.pastedName(stampOf(new Date()));
  upload(
    folder,
    files.map((file) => ({ kind: 'file', path: pastedName(file.name, stem), file })),
  );
}

/** What is dropped beside the list would otherwise be opened instead of the page. */
function draggedOver(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer || !hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = target() === undefined ? 'none' : 'copy';
}

function dropped(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer || !hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  const folder = target();
  if (folder === undefined) refuse();
  else dropFiles(folder, event.dataTransfer);
}

function refuse(): void {
  toast(t().uploads.notHere, { kind: 'problem' });
}
