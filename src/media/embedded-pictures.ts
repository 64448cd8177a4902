import { Injectable } from '@nestjs/common';
import type { ByteSource } from '../core/bytes/index.js';
import { inspectMedia } from '../core/media/index.js';
import { mayTryLibrary } from './complete-report.js';
import { TagReader } from './tags/tag-reader.js';

/** Pictures that sound and films carry in their tags. */
@Injectable()
export class EmbeddedPictures {
  constructor(private readonly tags: TagReader) {}

  /**
   * The front cover, or the first picture where none is called so. At most 8 MiB of the file are read for it, so a larger
   * picture counts as none.
   * @returns its bytes; null where there is none; `busy` when others took all the time there was
   * @throws what the source throws
   */
  async read(source: ByteSource): Promise<Uint8Array | null | 'busy'> {
    const report = await inspectMedia(source);
    if (!report || !mayTryLibrary(report)) return null;
    const result = await this.tags.readCover(source, report.mediaType);
    if (result === 'busy') return result;
    return result === 'unread' ? null : result.cover;
  }
}
