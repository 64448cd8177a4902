import type { Readable } from 'node:stream';
import type { ByteSource } from '../core/bytes/index.js';

/** Stands for a closed version of a file where only its size matters: beneath a plan that is kept. */
export class DetachedSource implements ByteSource {
  constructor(readonly size: number) {}

  read(): Promise<Uint8Array> {
    return Promise.reject(detached());
  }

  readInto(): Promise<number> {
    return Promise.reject(detached());
  }

  stream(): Readable {
    throw detached();
  }
}

function detached(): Error {
  return new Error('a kept plan was read without being bound to an open file');
}
