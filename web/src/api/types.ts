import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type FileEntry = Schemas['FileEntry'];
export type FolderEntry = Schemas['FolderEntry'];
export type FolderListing = Schemas['FolderListing'];
export type Entry = FileEntry | FolderEntry;
export type EntryKind = Entry['kind'];
export type Inspection = Schemas['Inspection'];
export type Permission = Schemas['Permission'];
export type Session = Schemas['Session'];
