import { Inject, Injectable } from '@nestjs/common';
import type { Representation } from '../core/http/index.js';
import type { ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { STORAGE_DRIVER, type ReadableStorage } from '../storage/storage-driver.js';
import { StorageError } from '../storage/storage-error.js';
import { representationOf } from './representation-of.js';
import type { RequestedPath } from './requested-path.pipe.js';
import { browseUrl } from './resource-urls.js';

/** Injection token: how the listing of a folder is reached, or null where there are no listings. */
export const LISTING_URL = Symbol('ListingUrl');
export type ListingUrl = (key: ObjectKey) => string;

/** Opens stored files as representations. Knows nothing of ranges. */
@Injectable()
export class StreamService {
  constructor(
    @Inject(STORAGE_DRIVER) private readonly storage: ReadableStorage,
    @Inject(LISTING_URL) private readonly listingUrl: ListingUrl | null,
  ) {}

  /**
   * Opens the current version of a file. The caller closes it.
   * @param prefix what stands before the path of the listing
   * @throws ProblemError for a folder, naming the URL of its listing; StorageError as the driver has it.
   */
  async open({ key, asFolder }: RequestedPath, asAttachment: boolean, prefix = ''): Promise<Representation> {
    if (asFolder) {
      const { kind } = await this.storage.stat(key);
      throw kind === 'folder' ? this.#folderProblem(key, prefix) : new StorageError('missing');
    }
    try {
      const object = await this.storage.open(key);
      return representationOf(object, { asAttachment });
    } catch (error) {
      throw error instanceof StorageError && error.reason === 'is-folder'
        ? this.#folderProblem(key, prefix)
        : error;
    }
  }

  #folderProblem(key: ObjectKey, prefix: string): ProblemError {
    const detail = 'This path is a folder, which has no bytes to send.';
    if (!this.listingUrl) return new ProblemError('not-found', detail);
    return new ProblemError('not-found', `${detail} \`listing\` lists it.`, {
      extensions: { listing: prefix + this.listingUrl(key) },
      page: prefix + browseUrl(key),
    });
  }
}
