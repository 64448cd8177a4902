import type { Payload } from './payload.js';

/** What an esds box says (ISO/IEC 14496-1 §7.2.6, ISO/IEC 14496-14 §5.6). */
export interface ElementaryStream {
  /** Which codec: 0x40 MPEG-4 audio, 0x6B MP3, 0x20 MPEG-4 Visual, ... */
  readonly objectType: number;
  /** In bits per second; 0 where it is not said. */
  readonly averageBitRate: number;
  /** The DecoderSpecificInfo, empty where there is none. */
  readonly decoderConfig: Uint8Array;
}

const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC_INFO = 5;

/**
 * Parses the payload of an esds box; undefined when it holds no decoder configuration.
 *
 * @throws {ShortBoxError} when a descriptor is cut off
 */
export function parseElementaryStream(payload: Payload): ElementaryStream | undefined {
  let { tag, body } = descriptor(payload.from(4));
  if (tag === ES_DESCRIPTOR) {
    const flags = body.u8(2);
    const url = flags & 0x40 ? 1 + body.u8(3 + (flags & 0x80 ? 2 : 0)) : 0;
    ({ tag, body } = descriptor(body.from(3 + (flags & 0x80 ? 2 : 0) + url + (flags & 0x20 ? 2 : 0))));
  }
  if (tag !== DECODER_CONFIG) return undefined;
  const inner = body.length > 13 ? descriptor(body.from(13)) : undefined;
  return {
    objectType: body.u8(0),
    averageBitRate: body.u32(9),
    decoderConfig: inner?.tag === DECODER_SPECIFIC_INFO ? inner.body.bytes : new Uint8Array(0),
  };
}

/** A tag, a length of one to four bytes of seven bits, a body; a body cut off is as long as it is. */
function descriptor(payload: Payload): { tag: number; body: Payload } {
  let length = 0;
  let at = 1;
  for (let more = true; more && at <= 4; at += 1) {
    const byte = payload.u8(at);
    length = length * 128 + (byte & 0x7f);
    more = (byte & 0x80) !== 0;
  }
  return { tag: payload.u8(0), body: payload.from(at, at + length) };
}
