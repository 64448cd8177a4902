import { BoundedCache } from '../core/cache/index.js';

/** Where thumbnails are kept, up to a size: those used longest ago go first. */
export interface KeptThumbnails {
  /** @param id 32 hexadecimal digits; undefined for what is not kept, or not whole. Never rejects. */
  get(id: string): Promise<Buffer | undefined>;
  /** Never rejects: what cannot be kept is made again. */
  set(id: string, bytes: Buffer): Promise<void>;
}

/** In memory, for a server that keeps nothing. */
export class MemoryThumbnails implements KeptThumbnails {
  readonly #kept: BoundedCache<Buffer>;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#kept = new BoundedCache(limit);
  }

  get(id: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.#kept.get(id));
  }

  set(id: string, bytes: Buffer): Promise<void> {
    this.#kept.set(id, bytes, bytes.length);
    return Promise.resolve();
  }
}
