import { parseAdtsHeader } from '../adts/index.js';
import type { TrackFacts } from '../isobmff/index.js';

/** Adds to what the program map says of a stream what its first bytes do. */
export function hear(facts: TrackFacts, bytes: Uint8Array): TrackFacts {
  switch (facts.codecName) {
    case 'aac':
      return { ...facts, ...adts(bytes) };
    case 'mp2':
      return { ...facts, ...mpegAudio(bytes) };
    case 'h264':
      return { ...facts, codec: avcCodec(bytes) };
    default:
      return facts;
  }
}

function adts(bytes: Uint8Array): Partial<TrackFacts> {
  const header = parseAdtsHeader(bytes, 0);
  if (!header) return {};
  const { audioObjectType, channels, sampleRate } = header;
  return { codec: `mp4a.40.${audioObjectType}`, channels, sampleRate };
}

const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** ISO/IEC 11172-3 §2.4.1.3: the map does not tell the layers apart. */
function mpegAudio(bytes: Uint8Array): Partial<TrackFacts> {
  const [sync = 0, second = 0, third = 0, fourth = 0] = bytes;
  const rate = SAMPLE_RATES[(third >> 2) & 3];
  if (sync !== 0xff || second < 0xe0 || rate === undefined) return {};
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  if (version === 1 || layer === 4) return {};
  return {
    codecName: `mp${layer}`,
    codec: layer === 3 ? 'mp3' : null,
    channels: fourth >> 6 === 3 ? 1 : 2,
    sampleRate: rate / (version === 3 ? 1 : version === 2 ? 2 : 4),
  };
}

/** Profile, constraint flags and level of the sequence parameter set (ITU-T H.264 §7.3.2.1.1, NAL unit type 7). */
function avcCodec(bytes: Uint8Array): string | null {
  for (let at = 0; at + 7 <= bytes.length; at += 1) {
    if (bytes[at] || bytes[at + 1] || bytes[at + 2] !== 1 || (bytes[at + 3]! & 0x1f) !== 7) continue;
    return `avc1.${Buffer.from(bytes.subarray(at + 4, at + 7)).toString('hex')}`;
  }
  return null;
}
