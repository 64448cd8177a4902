import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { BoundedCache } from '../core/cache/index.js';
import { formatEntityTag, type EntityTag, type Representation, type Validators } from '../core/http/index.js';
import { streamingTypeOf } from '../core/media/index.js';
import { isConclusive, type Repaired } from '../core/repairs/index.js';
import type { RequestedPath } from '../files/requested-path.pipe.js';
import { StreamService } from '../files/stream.service.js';
import { RepairPlans } from '../media/repair-plans.js';

/** How many media types are remembered. */
const REMEMBERED = 10_000;

/** The playable form of a stored file. */
export interface Playable {
  readonly representation: Representation;
  /** How long finding out how to repair it took, in milliseconds; undefined where that was known. */
  readonly repairTime: number | undefined;
}

/** What makes the playable form of a version of a file out of it. */
interface Form {
  readonly mediaType: string;
  readonly validators: Validators;
  readonly map: Repaired['map'];
}

/** Opens stored files as browsers can play them: repaired where that is possible, as they are where not. */
@Injectable()
export class PlayableService {
  private readonly logger = new Logger('Repair');
  readonly #types = new BoundedCache<string>(REMEMBERED);
  /** Of versions that are open: all requests for one have the same validators object. */
  readonly #forms = new WeakMap<Validators, Form>();

  constructor(
    private readonly streams: StreamService,
    private readonly plans: RepairPlans,
  ) {}

  /**
   * Opens the current version. The caller closes it.
   * @param gone asked where finding out takes a while: aborted when nobody waits for the answer any more
   * @throws ProblemError, StorageError as {@link StreamService.open}
   */
  async open(
    path: RequestedPath,
    { asAttachment, prefix }: { readonly asAttachment: boolean; readonly prefix: string },
    gone: () => AbortSignal,
  ): Promise<Playable> {
    const original = await this.streams.open(path, asAttachment, prefix);
    const known = this.#forms.get(original.validators);
    if (known) return { representation: playable(original, known), repairTime: undefined };
    const begun = performance.now();
    const signal = gone();
    let representation = original;
    try {
      representation = playable(original, await this.#formOf(original, signal));
    } catch (error) {
      // A file that cannot be read, or a client that has left: sending the original finds out which.
      if (!signal.aborted)
        this.logger.warn({ err: error as Error, path: path.key }, 'not repaired, sent as it is stored');
    }
    return { representation, repairTime: performance.now() - begun };
  }

  async #formOf(original: Representation, signal: AbortSignal): Promise<Form> {
    const mediaType = await this.#typeOf(original);
    const repaired = await this.plans.get(original, signal);
    const { etag, lastModified } = original.validators;
    const { map, applied } = repaired;
    const validators = map ? { etag: repairedTag(etag, applied), lastModified } : original.validators;
    const form = { mediaType, validators, map };
    if (isConclusive(repaired)) this.#forms.set(original.validators, form);
    return form;
  }

  #typeOf({ mediaType, validators, source }: Representation): Promise<string> {
    return this.#types.share(
      `${mediaType} ${formatEntityTag(validators.etag)}`,
      () => streamingTypeOf(source, mediaType),
      () => 1,
    );
  }
}

function playable(original: Representation, { mediaType, validators, map }: Form): Representation {
  return { ...original, mediaType, validators, source: map?.over(original.source) ?? original.source };
}

/** Strong: what the repairs make depends on nothing but the stored bytes and their own versions. */
function repairedTag({ opaque }: EntityTag, applied: Repaired['applied']): EntityTag {
  const identity = [opaque, ...applied].join(' ');
  return { weak: false, opaque: hash('sha256', identity, 'base64url').slice(0, 22) };
}
