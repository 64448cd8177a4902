import { Inject, Injectable } from '@nestjs/common';
import { Clients } from '../auth/clients.js';
import { prefixOf } from '../auth/linked-request.js';
import type { AuthorizedRequest, Principal } from '../auth/principal.js';
import { toEntry } from '../browse/entry.js';
import { sightOf } from '../browse/visible.js';
import { requestedPath, ROOT_KEY, type ObjectKey } from '../core/path/index.js';
import { browseUrl, thumbnailUrl } from '../files/resource-urls.js';
import { Links } from '../links/links.service.js';
import { originOf } from '../links/origin-of.js';
import { MediaInspectionService } from '../media/media-inspection.service.js';
import { Pictures } from '../media/pictures.js';
import { STORAGE_DRIVER, type ObjectStat, type StorageDriver } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { NOT_LISTED, shareHead, type SharedEntry } from './share-head.js';

/** How wide the pictures are that others show with a link, in pixels. */
const WIDTH = 640;

/** Describes what links open to those who preview them. */
@Injectable()
export class SharePages {
  constructor(
    private readonly links: Links,
    private readonly clients: Clients,
    private readonly inspections: MediaInspectionService,
    private readonly pictures: Pictures,
    @Inject(STORAGE_DRIVER) private readonly storage: StorageDriver,
  ) {}

  /**
   * What stands in the head of a link's page. It names nothing that the link does not open.
   * @param path the segments of the path that the page is to show; undefined: what the link was made for
   * @throws ProblemError link-invalid, link-expired; InvalidPathError; StorageError
   */
  async headFor(request: AuthorizedRequest, path: readonly string[] | undefined): Promise<string> {
    const { key, principal } = await this.#open(request.link!, path);
    const stat = await this.storage.stat(key).catch((error: unknown) => {
      if (error instanceof StorageError && error.reason === 'missing') return undefined;
      throw error;
    });
    const seen = stat && sightOf(principal.rules, key, stat);
    if (!seen) return NOT_LISTED;
    const base = originOf(this.clients, request) + prefixOf(request);
    const url = path === undefined ? base : base + browseUrl(key);
    const image = (await this.#hasPicture(key, seen.kind, principal))
      ? `${base}${thumbnailUrl(key)}?size=${WIDTH}`
      : undefined;
    return shareHead({ url, image, ...describe(key, seen, base, principal) });
  }

  /** A film has one in its tags or beside it, a folder its cover; as far as the link leads there. */
  async #hasPicture(key: ObjectKey, kind: ObjectStat['kind'], { rules }: Principal): Promise<boolean> {
    if (key === ROOT_KEY) return false;
    try {
      if (kind === 'folder') return await this.pictures.hasFolder(key, rules);
      // Of what is no medium there is no report, but perhaps a picture.
      const inspection = await this.inspections.inspect(key).catch(() => undefined);
      return await this.pictures.hasFile(key, inspection?.report, rules);
    } catch {
      // Without a picture the page is all the same.
      return false;
    }
  }

  async #open(token: string, path: readonly string[] | undefined) {
    if (path === undefined) {
      const { path: key, principal } = await this.links.open(token);
      return { key, principal };
    }
    const { key } = requestedPath(path);
    return { key, principal: await this.links.identify(token, key) };
  }
}

function describe(
  key: ObjectKey,
  seen: ObjectStat,
  base: string,
  { link, rules }: Principal,
): Omit<SharedEntry, 'url' | 'image'> {
  const { name, kind, mediaType, links } = toEntry(key, seen, rules, base);
  const plays = (kind === 'video' || kind === 'audio') && link?.download !== true;
  return {
    title: key === ROOT_KEY ? 'Playhead' : name,
    kind,
    mediaType,
    media: plays ? links.stream : undefined,
  };
}
