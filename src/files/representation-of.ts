import type { Representation } from '../core/http/index.js';
import { baseName } from '../core/path/index.js';
import type { StoredObject } from '../storage/storage-driver.js';

type Presentation = Partial<Pick<Representation, 'asAttachment' | 'mediaType'>>;

/** A stored object as it is presented to clients. It takes the object over: closing it closes the object. */
export function representationOf(object: StoredObject, presentation: Presentation = {}): Representation {
  const { key, mediaType, validators, source } = object;
  return {
    fileName: baseName(key),
    mediaType,
    validators,
    source,
    asAttachment: false,
    ...presentation,
    close: () => object.close(),
  };
}
