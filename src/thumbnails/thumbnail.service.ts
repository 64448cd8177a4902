import { hash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AccessRules } from '../core/access/index.js';
import { BoundedCache } from '../core/cache/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { RequestedPath } from '../files/requested-path.pipe.js';
import { CannotDrawError } from './drawing-process.js';
import { PictureError } from './picture-error.js';
import { PictureOrigins, type PictureOrigin } from './picture-origins.js';
import { Studio } from './studio.js';
import { ThumbnailStore } from './thumbnail-store.js';
import { Workshop } from './workshop.js';

/** To be raised when the same picture becomes another thumbnail. */
const VERSION = 1;
/** Pictures that are remembered not to be there, or to be no use. */
const REMEMBERED = 10_000;

export interface Thumbnail {
  /** WebP. */
  readonly bytes: Buffer;
  /** Of what it was made of, in milliseconds since the epoch. */
  readonly lastModified: number;
}

/** A thumbnail, or why there is none: that will not change before the file does. */
type Outcome = Buffer | 'no picture' | PictureError;

/** Makes small pictures of what is stored, and keeps them. */
@Injectable()
export class ThumbnailService implements OnApplicationShutdown {
  private readonly logger = new Logger('Thumbnails');
  readonly #fruitless = new BoundedCache<Exclude<Outcome, Buffer>>(REMEMBERED);
  readonly #workshop = new Workshop<Outcome>();
  /** Why nothing can be drawn here, once that has shown. */
  #unavailable: ProblemError | undefined;

  constructor(
    private readonly origins: PictureOrigins,
    private readonly kept: ThumbnailStore,
    private readonly studio: Studio,
  ) {}

  /** A picture that nobody waits for any more may still be written down. */
  onApplicationShutdown(): Promise<void> {
    const done = this.#workshop.close();
    this.studio.close();
    return done;
  }

  /**
   * @param size of its longer side in pixels, at most
   * @param rules of who asks
   * @param signal aborted when who asks has gone
   * @throws ProblemError no-thumbnail, picture-unusable, thumbnails-busy, thumbnails-unavailable; StorageError as the driver
   * has it; the signal's reason
   */
  async make(
    { key, asFolder }: RequestedPath,
    size: number,
    rules: AccessRules,
    signal: AbortSignal,
  ): Promise<Thumbnail> {
    let unusable: PictureError | undefined;
    for await (const origin of this.origins.of(key, asFolder, rules)) {
      const outcome = await this.#outcomeOf(origin, size, signal);
      if (Buffer.isBuffer(outcome)) return { bytes: outcome, lastModified: origin.lastModified };
      if (outcome instanceof PictureError) unusable ??= outcome;
    }
    if (unusable) throw new ProblemError('picture-unusable', unusable.message, { cause: unusable });
    throw new ProblemError('no-thumbnail', 'There is no picture of this to make a small one of.');
  }

  async #outcomeOf(origin: PictureOrigin, size: number, signal: AbortSignal): Promise<Outcome> {
    const { identity } = origin;
    const id = hash('sha256', `${VERSION} ${size} ${identity}`, 'hex').slice(0, 32);
    return (
      this.#fruitless.get(identity) ??
      (await this.kept.get(id)) ??
      this.#workshop.do(id, signal, async () => {
        const outcome = await this.#draw(origin, size);
        if (Buffer.isBuffer(outcome)) await this.kept.set(id, outcome);
        else this.#fruitless.set(identity, outcome, 1);
        return outcome;
      })
    );
  }

  async #draw(origin: PictureOrigin, size: number): Promise<Outcome> {
    const picture = await origin.open();
    if (!picture) return 'no picture';
    try {
      if (this.#unavailable) throw this.#unavailable;
      return await this.studio.draw(picture.source, size);
    } catch (error) {
      if (error instanceof PictureError) return error;
      if (error instanceof CannotDrawError) throw (this.#unavailable = this.#cannotDraw(error));
      throw error;
    } finally {
      await picture.close();
    }
  }

  #cannotDraw(error: CannotDrawError): ProblemError {
    this.logger.warn({ err: error }, 'the library for pictures cannot be loaded');
    return new ProblemError(
      'thumbnails-unavailable',
      'The server has no library for pictures on this platform. Use the pictures themselves.',
      { cause: error },
    );
  }
}
