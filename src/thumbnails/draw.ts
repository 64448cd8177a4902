import type Sharp from 'sharp';

/** Of the picture: 4 bytes each, where its format does not let it be read line by line. */
const MOST_PIXELS = 100_000_000;
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

/** The library, set up: it remembers nothing, and has one thread. @throws what loading it throws */
export async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: DECODERS });
  return sharp;
}

/**
 * The picture upright, in sRGB, as WebP without any metadata; of one that moves the first frame.
 * @param size of its longer side in pixels, at most; nothing is made larger
 * @throws what the library throws
 */
export function draw(sharp: typeof Sharp, bytes: Uint8Array, size: number): Promise<Buffer> {
  const picture = sharp(bytes, {
    limitInputPixels: MOST_PIXELS,
    sequentialRead: true,
    failOn: 'error',
    autoOrient: true,
  });
  return picture
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .timeout({ seconds: PATIENCE })
    .toBuffer();
}
