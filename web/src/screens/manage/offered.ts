import type { EntryKind, Permission } from '../../api/types.ts';

/** What can be done with entries, in the order of a menu. */
export type ActionName =
  | 'openTab'
  | 'download'
  | 'inspect'
  | 'share'
  | 'copyLink'
  | 'rename'
  | 'move'
  | 'copy'
  | 'cutEntries'
  | 'copyEntries'
  | 'delete';

/** What can be put into a folder. */
export type AddingName = 'uploadFiles' | 'uploadFolder' | 'newFolder' | 'paste';

/** What can be done with the folder that is shown. */
export type FolderActionName = 'playAll' | 'downloadFolder' | 'shareFolder' | 'copyFolderLink';

interface Subject {
  readonly kind: EntryKind;
  readonly permissions: readonly Permission[];
}

/** Who looks: `anywhere` is what they may do with something, somewhere. */
export interface Person {
  readonly anywhere: readonly Permission[];
  /** Whether they came by a signed link. */
  readonly isShared: boolean;
}

const INSPECTABLE: readonly EntryKind[] = ['video', 'audio', 'image'];

/** @param folder that the entries are in; undefined while it is not known */
export function offeredOn(
  entries: readonly Subject[],
  folder: Subject | undefined,
  person: Person,
): readonly ActionName[] {
  const [first] = entries;
  if (!first) return [];
  const isOne = entries.length === 1;
  const mayAll = (permission: Permission) => entries.every((entry) => may(entry, permission));
  const mayLeave = mayAll('read') && mayAll('delete');
  const writes = person.anywhere.includes('write') || person.anywhere.includes('admin');
  const offered: Readonly<Record<ActionName, boolean>> = {
    openTab: isOne,
    download: mayAll('read'),
    inspect: isOne && INSPECTABLE.includes(first.kind),
    share: isOne && !person.isShared,
    copyLink: isOne,
    rename: isOne && mayLeave && folder !== undefined && may(folder, 'write'),
    move: mayLeave && writes,
    copy: mayAll('read') && writes,
    cutEntries: mayLeave && writes,
    copyEntries: mayAll('read') && writes,
    delete: mayAll('delete'),
  };
  return namesOf(offered);
}

/** @param isHolding whether entries were cut or copied to be pasted */
export function offeredIn(folder: Subject | undefined, isHolding: boolean): readonly AddingName[] {
  if (!folder || !may(folder, 'write')) return [];
  const names: readonly AddingName[] = ['uploadFiles', 'uploadFolder', 'newFolder'];
  return isHolding ? [...names, 'paste'] : names;
}

/** @param hasSound whether there is something in it to listen to */
export function offeredAbout(
  folder: Subject | undefined,
  person: Person,
  hasSound: boolean,
): readonly FolderActionName[] {
  if (!folder) return [];
  return namesOf<FolderActionName>({
    playAll: hasSound,
    downloadFolder: may(folder, 'read'),
    shareFolder: !person.isShared,
    copyFolderLink: true,
  });
}

function may({ permissions }: Subject, permission: Permission): boolean {
  return permissions.includes(permission) || permissions.includes('admin');
}

function namesOf<Name extends string>(offered: Readonly<Record<Name, boolean>>): readonly Name[] {
  return (Object.keys(offered) as Name[]).filter((name) => offered[name]);
}
