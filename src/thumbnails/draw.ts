import { pipeline } from 'node:stream/promises';
import type Sharp from 'sharp';
import type { ByteSource } from '../core/bytes/index.js';
import { pictureType } from '../core/picture/index.js';

/** Of the file. The decoder keeps all of it in memory, for a moment twice. */
export const MOST_BYTES = 64 * 2 ** 20;
/** Of the picture: 4 bytes each, where its format does not let it be read line by line. */
const MOST_PIXELS = 100_000_000;
/** A picture of more pixels than this is drawn while no other such is. */
const LARGE = 25_000_000;
/** How many times more memory one takes that does not come line by line: progressive JPEG, interlaced PNG. */
const WHOLE = 4;
/** For one picture, in seconds. */
const PATIENCE = 20;
const QUALITY = 75;

/**
 * The decoders that are let near a file, by the names of libvips. All others stay shut, whatever a file begins with: SVG, PDF
 * and a dozen more.
 */
const DECODERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
);

/** The picture is none, is broken, or costs too much. The message is for clients. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

/** Injection token of what loads the library: {@link loadSharp}. */
export const SHARP = Symbol('sharp');

/** The library, set up: it remembers nothing, and has one thread for each picture. @throws what loading it throws */
export async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: DECODERS });
  return sharp;
}

/** Draws pictures small. */
export class Draughtsman {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly sharp: typeof Sharp) {}

  /**
   * The picture upright, in sRGB, as WebP without any metadata; of one that moves the first frame.
   * @param size of its longer side in pixels, at most; nothing is made larger
   * @throws PictureError; what the source throws
   */
  async draw(source: ByteSource, size: number): Promise<Buffer> {
    if (source.size > MOST_BYTES) throw new PictureError(`The picture has more than ${MOST_BYTES} bytes.`);
    if (!pictureType(await source.read(0, 32)))
      throw new PictureError('The file is no JPEG, PNG, GIF, WebP, AVIF or TIFF, whatever its name says.');
    const picture = this.sharp({
      limitInputPixels: MOST_PIXELS,
      sequentialRead: true,
      failOn: 'error',
      autoOrient: true,
    });
    await pipeline(source.stream(0, source.size), picture);
    try {
      const { width, height, isProgressive } = await picture.metadata();
      const weight = width * height * (isProgressive ? WHOLE : 1);
      const make = () =>
        picture
          .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
          .webp({ quality: QUALITY })
          .timeout({ seconds: PATIENCE })
          .toBuffer();
      return await (weight > LARGE ? this.#alone(make) : make());
    } catch (error) {
      throw new PictureError(
        'The picture is broken, has more than 100 million pixels, or takes too long to read.',
        { cause: error },
      );
    }
  }

  #alone<T>(make: () => Promise<T>): Promise<T> {
    const result = this.#last.then(make);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
