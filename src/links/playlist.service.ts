import { Inject, Injectable } from '@nestjs/common';
import { formatEntityTag } from '../core/http/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import { streamUrl } from '../files/resource-urls.js';
import { MediaInspectionService } from '../media/media-inspection.service.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/storage-driver.js';
import { printM3u, type PlaylistItem } from './m3u.js';

/** Files looked up together. */
const AT_ONCE = 32;

/** Describes media to players. */
@Injectable()
export class PlaylistService {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
    private readonly inspections: MediaInspectionService,
  ) {}

  /**
   * A playlist of these files, by their playable form. Durations and titles are those of inspections that were made
   * already; none is made for it.
   * @param base what stands before the paths in URLs: an origin, and the prefix of a link
   * @param signal aborted when nobody waits for it any more
   * @throws the reason of the signal
   */
  async print(name: string, keys: readonly ObjectKey[], base: string, signal: AbortSignal): Promise<string> {
    const items: PlaylistItem[] = [];
    for (let start = 0; start < keys.length; start += AT_ONCE) {
      signal.throwIfAborted();
      const batch = keys.slice(start, start + AT_ONCE).map((key) => this.#describe(key, base));
      items.push(...(await Promise.all(batch)));
    }
    return printM3u(name, items);
  }

  async #describe(key: ObjectKey, base: string): Promise<PlaylistItem> {
    const stat = await this.storage.stat(key).catch(() => undefined);
    const report =
      stat?.kind === 'file' ? this.inspections.known(key, formatEntityTag(stat.validators.etag)) : undefined;
    const { title = null, artist = null } = report?.metadata ?? {};
    return {
      url: base + streamUrl(key),
      title: title === null ? baseName(key) : artist === null ? title : `${artist} - ${title}`,
      duration: report?.duration ?? undefined,
    };
  }
}
