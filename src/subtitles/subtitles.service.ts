import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { entryKind } from '../browse/entry-kind.js';
import { MemorySource } from '../core/bytes/index.js';
import { BoundedCache } from '../core/cache/index.js';
import { formatEntityTag, mediaTypeOf, type Representation } from '../core/http/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { subtitleFormatOf, toWebVtt, type SubtitleFormat } from '../core/webvtt/index.js';
import { STORAGE_DRIVER, type StorageDriver, type StoredObject } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { stemOf } from './film-name.js';
import { Sidecars, type Sidecar } from './sidecars.js';
import { parseSubtitleName } from './subtitle-name.js';

/** Bytes of a subtitle file: those of a whole season have some hundred thousand. */
export const MOST_BYTES = 8_388_608;
/** Bytes of converted files that are kept. */
const KEPT = 16_777_216;
/** Raised whenever the same file is converted to something else than before. */
const VERSION = 1;

/** Finds the subtitle files of films, and tells them in WebVTT. */
@Injectable()
export class SubtitlesService {
  readonly #converted = new BoundedCache<Uint8Array>(KEPT);
  #last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(STORAGE_DRIVER) private readonly storage: StorageDriver) {}

  /**
   * Of a film or recording, those that who asks may read. By a link to the film alone these are what the maker of the
   * link may read: subtitles are a part of the film that is shared.
   * @throws StorageError; the reason of the signal
   */
  async list(key: ObjectKey, { rules, link }: Principal, signal: AbortSignal): Promise<readonly Sidecar[]> {
    const stat = await this.storage.stat(key);
    if (stat.kind === 'folder') throw new StorageError('is-folder');
    const kind = entryKind(mediaTypeOf(baseName(key)));
    if (kind !== 'video' && kind !== 'audio') return [];
    const mayRead = (sidecar: ObjectKey) => rules.may('read', sidecar) || mayMaker(link, sidecar);
    return new Sidecars(this.storage, key, mayRead, signal).find();
  }

  /**
   * One of those that {@link list} has for a film.
   * @throws StorageError, reason `missing` for any other file; the reason of the signal
   */
  async find(film: ObjectKey, path: string, principal: Principal, signal: AbortSignal): Promise<Sidecar> {
    const found = (await this.list(film, principal, signal)).find(({ key }) => key === path);
    if (!found) throw new StorageError('missing');
    return found;
  }

  /**
   * A subtitle file as WebVTT. The caller closes it.
   * @param offset milliseconds that every cue is shown later
   * @throws ProblemError no-subtitles; StorageError; the reason of the signal
   */
  async open(key: ObjectKey, offset: number, signal: AbortSignal): Promise<Representation> {
    const object = await this.storage.open(key);
    try {
      const format = subtitleFormatOf(baseName(key));
      if (!format) throw noSubtitles('The name is not that of a subtitle file: .srt, .vtt, .ass or .ssa.');
      if (object.source.size > MOST_BYTES)
        throw noSubtitles(`The file has more than ${MOST_BYTES} bytes, which no subtitles have.`);
      return await this.#convert(object, format, offset, signal);
    } finally {
      await object.close();
    }
  }

  async #convert(
    { key, source, validators }: StoredObject,
    format: SubtitleFormat,
    offset: number,
    signal: AbortSignal,
  ): Promise<Representation> {
    const identity = [VERSION, formatEntityTag(validators.etag), key, offset].join(' ');
    const opaque = hash('sha256', identity, 'base64url').slice(0, 22);
    const bytes = await this.#inTurn(async () => {
      const kept = this.#converted.get(opaque);
      if (kept) return kept;
      signal.throwIfAborted();
      const { language } = parseSubtitleName(stemOf(baseName(key)), true);
      const stored = await source.read(0, source.size);
      if (stored.length < source.size) throw new StorageError('unavailable');
      const made = Buffer.from(await toWebVtt(stored, { format, language, offset, signal }));
      this.#converted.set(opaque, made, made.length);
      return made;
    });
    return {
      fileName: `${stemOf(baseName(key))}.vtt`,
      mediaType: 'text/vtt',
      validators: { etag: { weak: false, opaque }, lastModified: validators.lastModified },
      source: new MemorySource(bytes),
      asAttachment: false,
      close: () => Promise.resolve(),
    };
  }

  /** One at a time: it is work and not waiting, and takes several times the memory of the file. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function mayMaker(link: Principal['link'], key: ObjectKey): boolean {
  return link?.maker.may('read', key) ?? false;
}

function noSubtitles(detail: string): ProblemError {
  return new ProblemError('no-subtitles', detail);
}
