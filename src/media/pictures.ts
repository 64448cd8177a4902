import { Injectable } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { mediaTypeOf } from '../core/http/index.js';
import { baseName, type ObjectKey } from '../core/path/index.js';
import { isDrawable } from '../core/picture/index.js';
import type { CompleteReport } from './complete-report.js';
import { SidecarPictures } from './sidecar-pictures.js';

/** What may have a picture in its tags or beside it, and subtitles: other media types are pictures themselves, or have none. */
const PLAYABLE = /^(?:audio|video)\//;

export function isPlayable(mediaType: string): boolean {
  return PLAYABLE.test(mediaType);
}

/** Tells whether a thumbnail can be made of something, without opening the picture. */
@Injectable()
export class Pictures {
  constructor(private readonly sidecars: SidecarPictures) {}

  /**
   * Of a file itself, its tags or a picture beside it.
   * @param report of the file; undefined where it has none
   * @param rules of who asks: what they may not read does not count
   * @throws StorageError where the storage does not answer
   */
  async hasFile(key: ObjectKey, report: CompleteReport | undefined, rules: AccessRules): Promise<boolean> {
    const mediaType = mediaTypeOf(baseName(key));
    if (!isPlayable(mediaType)) return isDrawable(mediaType);
    const cover = report?.metadata?.cover;
    if (cover && isDrawable(cover.mediaType)) return true;
    return (await this.sidecars.ofFile(key, mediaType, rules)) !== undefined;
  }

  /** Of a folder: the cover in it. @param rules and @throws as {@link hasFile} */
  async hasFolder(key: ObjectKey, rules: AccessRules): Promise<boolean> {
    return (await this.sidecars.ofFolder(key, rules)) !== undefined;
  }
}
