import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import { formatEntityTag, type EntityTag, type Representation } from '../core/http/index.js';
import { streamingTypeOf } from '../core/media/index.js';
import type { Repaired } from '../core/repairs/index.js';
import type { RequestedPath } from '../files/requested-path.pipe.js';
import { StreamService } from '../files/stream.service.js';
import { RepairPlans } from '../media/repair-plans.js';

/** How many media types are remembered. */
const REMEMBERED = 10_000;

/** The playable form of a stored file, and how long finding out how to repair it took, in milliseconds. */
export interface Playable {
  readonly representation: Representation;
  readonly repairTime: number;
}

/** Opens stored files as browsers can play them: repaired where that is possible, as they are where not. */
@Injectable()
export class PlayableService {
  readonly #types = new BoundedCache<string>(REMEMBERED);

  constructor(
    private readonly streams: StreamService,
    private readonly plans: RepairPlans,
  ) {}

  /**
   * Opens the current version. The caller closes it.
   * @param signal aborted when nobody waits for the answer any more
   * @throws ProblemError, StorageError as {@link StreamService.open}
   */
  async open(path: RequestedPath, signal: AbortSignal): Promise<Playable> {
    const original = await this.streams.open(path, false);
    const begun = performance.now();
    try {
      const mediaType = await this.#typeOf(original);
      const { map, applied } = await this.plans.get(original, signal);
      const representation = map
        ? {
            ...original,
            mediaType,
            source: map,
            validators: {
              etag: repairedTag(original.validators.etag, applied),
              lastModified: original.validators.lastModified,
            },
          }
        : { ...original, mediaType };
      return { representation, repairTime: performance.now() - begun };
    } catch {
      // A file that cannot be read, or a client that has left: sending the original finds out which.
      return { representation: original, repairTime: performance.now() - begun };
    }
  }

  #typeOf({ mediaType, validators, source }: Representation): Promise<string> {
    return this.#types.share(
      `${mediaType} ${formatEntityTag(validators.etag)}`,
      () => streamingTypeOf(source, mediaType),
      () => 1,
    );
  }
}

/** Strong: what the repairs make depends on nothing but the stored bytes and their own versions. */
function repairedTag({ opaque }: EntityTag, applied: Repaired['applied']): EntityTag {
  const identity = [opaque, ...applied].join(' ');
  return { weak: false, opaque: hash('sha256', identity, 'base64url').slice(0, 22) };
}
