import { BoundedReader, isIsoBmff, type RandomAccess } from '../isobmff/index.js';
import { mediaTypeOfContainer } from './container.js';
import { inspectMedia } from './inspect-media.js';
import { readSignature } from './signature.js';

/** The subtypes a file of boxes may rightly go by. */
const OF_BOXES = /^(?:audio|video)\/(?:mp4|quicktime|3gpp2?|x-m4[av]|iso\.segment)$|^image\//;

/**
 * The media type to play a file by: the declared one, which follows from the name, unless the bytes are in another
 * container. A browser that is told not to sniff believes what it is told.
 *
 * @param declared without parameters
 * @throws what the source throws
 */
export async function streamingTypeOf(source: RandomAccess, declared: string): Promise<string> {
  const reader = new BoundedReader(source);
  if (isIsoBmff(await reader.read(0, 16), source.size)) {
    if (OF_BOXES.test(declared)) return declared;
    return (await inspectMedia(source))?.mediaType ?? declared;
  }
  const signature = await readSignature(reader);
  if (!signature) return declared;
  const type = mediaTypeOfContainer(signature.container, signature.contents);
  return subtypeOf(type) === subtypeOf(declared) ? declared : type;
}

function subtypeOf(type: string): string {
  return type.slice(type.indexOf('/') + 1).replace(/^x-|^vnd\.apple\./, '');
}
