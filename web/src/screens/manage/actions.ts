import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import Copy from '@lucide/svelte/icons/copy';
import Download from '@lucide/svelte/icons/download';
import ExternalLink from '@lucide/svelte/icons/external-link';
import Files from '@lucide/svelte/icons/files';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FilePlus from '@lucide/svelte/icons/file-plus';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import FolderUp from '@lucide/svelte/icons/folder-up';
import Link from '@lucide/svelte/icons/link';
import ListMusic from '@lucide/svelte/icons/list-music';
import Pencil from '@lucide/svelte/icons/pencil';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Scissors from '@lucide/svelte/icons/scissors';
import Share2 from '@lucide/svelte/icons/share-2';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { Component } from 'svelte';
import { absolute, base, isShared } from '../../api/base.ts';
import type { Entry } from '../../api/types.ts';
import { t } from '../../i18n/language.svelte.ts';
import { go, href } from '../../routing/router.svelte.ts';
import { session } from '../../session/session.svelte.ts';
import { loaded } from '../../ui/loaded.ts';
import { toast } from '../../ui/toasts.svelte.ts';
import type { Folder } from '../browse/folder.svelte.ts';
import { folderArchive, selectionArchive } from './archive-url.ts';
import { copyText } from '../../ui/copy-text.ts';
import { held, hold, takeHeld } from './held.svelte.ts';
import {
  offeredAbout,
  offeredIn,
  offeredOn,
  type ActionName,
  type AddingName,
  type FolderActionName,
  type Person,
} from './offered.ts';
import { canChooseFolder, chooseFiles, chooseFolder } from './uploads/entrances.ts';

/** Something that can be done with entries or in a folder, by a menu, a button or a key. */
export interface Action {
  readonly label: string;
  readonly icon: Component<{ size?: number }>;
  /** As `KeyboardEvent.key`, such as `F2` or `Delete`; `Control+x` with Control, or with Command on a Mac. See `isKeyOf`. */
  readonly key?: string;
  readonly danger?: boolean;
  /** An action either does something or leads somewhere. */
  readonly run?: () => void | Promise<void>;
  readonly href?: string;
  readonly download?: boolean;
}

/** Entries looked through for one to listen to. */
const LOOKED_AT = 200;

/** What this person may do with these entries of a folder. */
export function actionsOn(entries: readonly Entry[], folder: Folder): readonly Action[] {
  const actions = entryActions(entries, folder);
  return offeredOn(entries, folder.info, person()).map((name) => actions[name]());
}

/** What this person may put into a folder. */
export function actionsIn(folder: Folder): readonly Action[] {
  const actions = addingActions(folder);
  return offeredIn(folder.info, held() !== undefined)
    .filter((name) => name !== 'uploadFolder' || canChooseFolder())
    .map((name) => actions[name]());
}

/** What this person may do with the folder that is shown. */
export function actionsAbout(folder: Folder): readonly Action[] {
  const first = firstSound(folder);
  const actions = folderActions(folder, first?.path ?? '');
  return offeredAbout(folder.info, person(), first !== undefined).map((name) => actions[name]());
}

/** Whether a press of a key means this action. */
export function isKeyOf({ key }: Action, event: KeyboardEvent): boolean {
  if (key === undefined || event.shiftKey || event.altKey) return false;
  const isChord = event.ctrlKey || event.metaKey;
  return isChord ? key === `Control+${event.key.toLowerCase()}` : key === event.key;
}

function person(): Person {
  return { anywhere: session()?.anywhere ?? [], isShared };
}

function entryActions(entries: readonly Entry[], folder: Folder): Record<ActionName, () => Action> {
  const texts = t().manage;
  const [entry] = entries as readonly [Entry];
  const isTaken = (name: string) => folder.indexOf(name) !== undefined;
  const travellers = () => entries.map(({ path, kind }) => ({ path, isFolder: kind === 'folder' }));
  return {
    openTab: () => ({
      label: texts.openTab,
      icon: ExternalLink,
      run: () => void window.open(href({ path: entry.path }), '_blank', 'noopener'),
    }),
    download: () => ({ icon: Download, ...downloadOf(entries, folder) }),
    inspect: () => ({
      label: texts.inspect,
      icon: ScanSearch,
      href: href({ path: entry.path, panel: 'inspect' }),
    }),
    share: () => ({ label: texts.share, icon: Share2, run: () => share(entry) }),
    copyLink: () => ({ label: texts.copyLink, icon: Link, run: () => copyLink(entry.path) }),
    rename: () => ({
      label: texts.renameAction,
      icon: Pencil,
      key: 'F2',
      run: async () => (await loaded(import('./rename.ts')))?.renameEntry(entry, isTaken),
    }),
    move: () => ({
      label: texts.move,
      icon: FolderInput,
      run: async () => (await loaded(import('./send-to.ts')))?.sendTo(travellers(), 'move'),
    }),
    copy: () => ({
      label: texts.copy,
      icon: Files,
      run: async () => (await loaded(import('./send-to.ts')))?.sendTo(travellers(), 'copy'),
    }),
    cutEntries: () => ({
      label: texts.cutEntries,
      icon: Scissors,
      key: 'Control+x',
      run: () => hold_(entries, 'move'),
    }),
    copyEntries: () => ({
      label: texts.copyEntries,
      icon: Copy,
      key: 'Control+c',
      run: () => hold_(entries, 'copy'),
    }),
    delete: () => ({
      label: texts.delete,
      icon: Trash2,
      key: 'Delete',
      danger: true,
      run: async () => (await loaded(import('./remove.ts')))?.removeEntries(entries),
    }),
  };
}

function addingActions(folder: Folder): Record<AddingName, () => Action> {
  const texts = t().manage;
  const { path } = folder.view;
  return {
    uploadFiles: () => ({ label: t().uploads.files, icon: FilePlus, run: () => chooseFiles(path) }),
    uploadFolder: () => ({ label: t().uploads.folder, icon: FolderUp, run: () => chooseFolder(path) }),
    newFolder: () => ({
      label: texts.newFolder,
      icon: FolderPlus,
      run: async () => {
        const code = await loaded(import('./make-folder.ts'));
        await code?.makeFolderIn(path, (name) => folder.indexOf(name) !== undefined);
      },
    }),
    paste: () => ({
      label: texts.paste(held()?.travellers.length ?? 0),
      icon: ClipboardPaste,
      key: 'Control+v',
      run: () => pasteInto(path),
    }),
  };
}

function folderActions(folder: Folder, sound: string): Record<FolderActionName, () => Action> {
  const texts = t().manage;
  const { path } = folder.view;
  return {
    playAll: () => ({ label: texts.playAll, icon: ListMusic, run: () => go({ path: sound }) }),
    downloadFolder: () => ({
      label: texts.downloadFolder,
      icon: Download,
      href: folderArchive(base, path),
      download: true,
    }),
    shareFolder: () => ({
      label: texts.shareFolder,
      icon: Share2,
      run: () => (folder.info ? share(folder.info) : undefined),
    }),
    copyFolderLink: () => ({ label: texts.copyFolderLink, icon: Link, run: () => copyLink(path) }),
  };
}

/** The first file to listen to, among what is here of the folder: the player goes on to the next by itself. */
function firstSound(folder: Folder): Entry | undefined {
  for (let index = 0; index < Math.min(folder.count, LOOKED_AT); index++) {
    const entry = folder.at(index);
    if (entry?.kind === 'audio') return entry;
  }
  return undefined;
}

function downloadOf(
  entries: readonly Entry[],
  folder: Folder,
): Pick<Action, 'label' | 'href' | 'download' | 'run'> {
  const [entry] = entries;
  const texts = t().manage;
  if (entry && entries.length === 1) {
    if (entry.kind === 'folder')
      return { label: texts.downloadZip, href: folderArchive(base, entry.path), download: true };
    return { label: t().common.download, href: `${entry.links.file}?download`, download: true };
  }
  const { path, filter, hidden } = folder.view;
  const isAll = entries.length === folder.count && filter === '' && !hidden;
  const url = isAll
    ? folderArchive(base, path)
    : selectionArchive(
        base,
        path,
        entries.map((one) => one.path),
      );
  if (url !== undefined) return { label: texts.downloadZip, href: url, download: true };
  return {
    label: texts.downloadZip,
    run: () => void toast(texts.tooManyForZip, { kind: 'problem' }),
  };
}

function hold_(entries: readonly Entry[], op: 'move' | 'copy'): void {
  hold(entries, op);
  const texts = t().manage;
  toast(op === 'move' ? texts.cut(entries.length) : texts.held(entries.length));
}

async function pasteInto(folder: string): Promise<void> {
  const code = await loaded(import('./transfer.ts'));
  // What was cut is held until it can be pasted.
  const taken = code && takeHeld();
  if (taken) await code.transferInto(folder, taken.travellers, taken.op);
}

async function share(entry: Entry): Promise<void> {
  await (await loaded(import('../share/open-share-dialog.ts')))?.openShareDialog(entry);
}

async function copyLink(path: string): Promise<void> {
  await copyText(absolute(href({ path })));
}
