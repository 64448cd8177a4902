import { setImmediate } from 'node:timers/promises';
import { childKey } from '../browse/visible.js';
import { entryKind } from '../browse/entry-kind.js';
import { mediaTypeOf } from '../core/http/index.js';
import { baseName, parentKey, type ObjectKey } from '../core/path/index.js';
import { subtitleFormatOf, type SubtitleFormat } from '../core/webvtt/index.js';
import type { ListedObject, StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { isForAnother, nameBeside, sameStem, stemOf } from './film-name.js';
import { parseSubtitleName, type SubtitleName } from './subtitle-name.js';

/** A subtitle file that is for a film or a recording. */
export interface Sidecar extends SubtitleName {
  readonly key: ObjectKey;
  readonly format: SubtitleFormat;
}

/** Entries of folders that are looked at, for one film. */
const MOST_ENTRIES = 10_000;
/** Subtitle files of one film. */
const MOST_SIDECARS = 200;
/** Folders for subtitles beside a film, whose names differ in case alone. */
const MOST_FOLDERS = 4;
/** Names that are read before others have their turn. */
const AT_ONCE = 100;
const FOLDERS = /^(?:subs?|subtitles?)$/i;

/** Decides whether who asks is told of a file. */
export type MayRead = (key: ObjectKey) => boolean;

/**
 * Subtitle files that lie with a film, by their names alone: beside it, and in a folder `Subs` or `Subtitles` there. In
 * that, by the name of the film or in a folder named like it; all of them where no other film is with this one.
 */
export class Sidecars {
  readonly #found: Sidecar[] = [];
  #entries = 0;
  /** Stem of the film. */
  readonly #film: string;

  constructor(
    private readonly storage: StorageDriver,
    private readonly key: ObjectKey,
    private readonly mayRead: MayRead,
    private readonly signal: AbortSignal,
  ) {
    this.#film = stemOf(baseName(key));
  }

  /** By language, then by label. @throws StorageError, the reason of the signal */
  async find(): Promise<readonly Sidecar[]> {
    const folder = parentKey(this.key);
    const kind = entryKind(mediaTypeOf(baseName(this.key)));
    const [names, folders, others] = [[] as string[], [] as string[], new Set<string>()];
    await this.#list(folder, (entry) => {
      if (entry.kind === 'folder') {
        if (FOLDERS.test(entry.name) && folders.length < MOST_FOLDERS) folders.push(entry.name);
      } else if (subtitleFormatOf(entry.name)) names.push(entry.name);
      else if (entryKind(mediaTypeOf(entry.name)) === kind) others.add(stemOf(entry.name).toLowerCase());
    });
    others.delete(this.#film.toLowerCase());
    for (const [index, name] of names.entries()) {
      if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
      this.signal.throwIfAborted();
      this.#offer(folder, name, others, false);
    }
    for (const name of folders.sort()) await this.#look(childKey(folder, name), others);
    return this.#found.sort(compare);
  }

  /** In a folder for subtitles. */
  async #look(folder: ObjectKey, others: ReadonlySet<string>): Promise<void> {
    const own: string[] = [];
    await this.#listAny(folder, (entry) => {
      if (entry.kind === 'file') this.#offer(folder, entry.name, others, others.size === 0);
      else if (own.length < MOST_FOLDERS && sameStem(entry.name.normalize('NFC'), this.#film))
        own.push(entry.name);
    });
    for (const name of own) {
      const below = childKey(folder, name);
      await this.#listAny(below, (entry) => {
        if (entry.kind === 'file') this.#offer(below, entry.name, new Set(), true);
      });
    }
  }

  /** @param isOurs whether it is for this film, whatever its name */
  #offer(folder: ObjectKey, fileName: string, others: ReadonlySet<string>, isOurs: boolean): void {
    const format = subtitleFormatOf(fileName);
    if (!format || this.#found.length >= MOST_SIDECARS) return;
    const stem = stemOf(fileName);
    const beside = isForAnother(stem, this.#film, others) ? undefined : nameBeside(stem, this.#film);
    const name = beside ?? (isOurs ? parseSubtitleName(stem, true) : undefined);
    const key = childKey(folder, fileName);
    if (name && this.mayRead(key)) this.#found.push({ key, format, ...name });
  }

  /** What has gone meanwhile, or is not for the server to read, has no subtitles in it. */
  async #listAny(folder: ObjectKey, take: (entry: ListedObject) => void): Promise<void> {
    await this.#list(folder, take).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
  }

  async #list(folder: ObjectKey, take: (entry: ListedObject) => void): Promise<void> {
    for await (const batch of this.storage.list(folder)) {
      this.signal.throwIfAborted();
      for (const entry of batch) {
        if (this.#entries++ >= MOST_ENTRIES) return;
        if (!entry.name.startsWith('.')) take(entry);
      }
      await setImmediate();
    }
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'accent' });

/** What has no language stands last; what is for everybody before what is not; paths decide where nothing else does. */
function compare(a: Sidecar, b: Sidecar): number {
  return (
    Number(a.language === null) - Number(b.language === null) ||
    collator.compare(a.language ?? '', b.language ?? '') ||
    collator.compare(a.label ?? '', b.label ?? '') ||
    Number(a.forced) - Number(b.forced) ||
    Number(a.hearingImpaired) - Number(b.hearingImpaired) ||
    collator.compare(a.key, b.key) ||
    (a.key < b.key ? -1 : 1)
  );
}
