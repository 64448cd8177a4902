import { Inject, Injectable } from '@nestjs/common';
import type { ByteSource } from '../core/bytes/index.js';
import { pictureType } from '../core/picture/index.js';
import { DrawingProcess } from './drawing-process.js';
import { PictureError } from './picture-error.js';

/** Injection token of the module that draws, compiled: `draw-program`. */
export const DRAW_PROGRAM = Symbol('draw-program');

/** Of the file, which the decoder has in memory. */
const MOST_BYTES = 64 * 2 ** 20;
/** Milliseconds without work after which the programs end, and their memory with them. */
const IDLE = 10_000;

/** Draws pictures small, in programs of their own: as many as pictures are asked for at a time. */
@Injectable()
export class Studio {
  readonly #all = new Set<DrawingProcess>();
  readonly #free: DrawingProcess[] = [];
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(@Inject(DRAW_PROGRAM) private readonly program: string) {}

  /**
   * The picture upright, in sRGB, as WebP without any metadata; of one that moves the first frame.
   * @param size of its longer side in pixels, at most; nothing is made larger
   * @throws PictureError; CannotDrawError; what the source throws
   */
  async draw(source: ByteSource, size: number): Promise<Buffer> {
    if (source.size > MOST_BYTES) throw new PictureError(`The picture has more than ${MOST_BYTES} bytes.`);
    if (!pictureType(await source.read(0, 32)))
      throw new PictureError('The file is no JPEG, PNG, GIF, WebP, AVIF or TIFF, whatever its name says.');
    const hand = this.#free.pop() ?? new DrawingProcess(this.program);
    this.#all.add(hand);
    try {
      return await hand.draw(source, size);
    } finally {
      if (this.#all.has(hand)) this.#free.push(hand);
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => this.#end(this.#free), IDLE).unref();
    }
  }

  /** Ends all programs, whatever they are drawing. */
  close(): void {
    clearTimeout(this.#rest);
    this.#end([...this.#all]);
  }

  #end(hands: readonly DrawingProcess[]): void {
    for (const hand of hands) {
      hand.close();
      this.#all.delete(hand);
    }
    this.#free.length = 0;
  }
}
