import { type ChildBox, childPayload } from './child-boxes.js';
import { orNull, type Payload } from './payload.js';

/** Channels and sample rate in Hz as the codec's own configuration says them; null where it does not. */
export interface AudioConfig {
  readonly channels: number | null;
  readonly sampleRate: number | null;
}

/**
 * Sound entries often say two channels for mono, and cannot say more than 65,535 Hz: where the codec has a
 * configuration box, that box is right.
 *
 * @throws {ShortBoxError} when the configuration box is cut off
 */
export function readAudioConfig(type: string, boxes: readonly ChildBox[]): AudioConfig | undefined {
  const read = READERS[type];
  const configuration = read && childPayload(boxes, read.box);
  return configuration && read.read(configuration);
}

interface Reader {
  readonly box: string;
  readonly read: (configuration: Payload) => AudioConfig | undefined;
}

const DTS: Reader = { box: 'ddts', read: dts };
const READERS: Record<string, Reader> = {
  Opus: { box: 'dOps', read: (box) => ({ channels: box.u8(1), sampleRate: 48_000 }) },
  fLaC: { box: 'dfLa', read: flac },
  alac: { box: 'alac', read: alac },
  'ac-3': { box: 'dac3', read: ac3 },
  'ec-3': { box: 'dec3', read: eac3 },
  mlpa: { box: 'dmlp', read: truehd },
  dtsc: DTS,
  dtsh: DTS,
  dtsl: DTS,
  dtse: DTS,
};

const DOLBY_RATES = [48_000, 44_100, 32_000, null];
/** By audio coding mode (ETSI TS 102 366 table 4.3). */
const DOLBY_CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];

/** AC3SpecificBox (ETSI TS 102 366 annex F.4). */
function ac3(box: Payload): AudioConfig {
  const bits = box.u24(0);
  return {
    channels: DOLBY_CHANNELS[(bits >> 11) & 7]! + ((bits >> 10) & 1),
    sampleRate: DOLBY_RATES[bits >> 22] ?? null,
  };
}

/** Bit of chan_loc, most significant first, to speakers (ETSI TS 102 366 annex F.6): pairs but for Cs, Ts and LFE2. */
const DEPENDENT_CHANNELS = [1, 2, 2, 2, 2, 1, 2, 1, 1];

/** EC3SpecificBox (annex F.6): the first independent substream and the channels its dependent ones add. */
function eac3(box: Payload): AudioConfig {
  const bits = box.u24(2);
  const dependent = (bits >> 1) & 0xf;
  let channels = DOLBY_CHANNELS[(bits >> 9) & 7]! + ((bits >> 8) & 1);
  if (dependent > 0) {
    channels += countSpeakers(DEPENDENT_CHANNELS, box.u16(4) & 0x1ff);
  }
  return { channels, sampleRate: DOLBY_RATES[bits >> 22] ?? null };
}

/** Bit of an 8-channel assignment, least significant first, to speakers; the first five are a 6-channel one. */
const TRUEHD_CHANNELS = [2, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1];

/**
 * format_info of MLPSpecificBox: four bits of rate, of which the first tells the family of 44.1 kHz from that of
 * 48 kHz; the last 13 bits are the 8-channel assignment, five bits above them and two of modifier the 6-channel one.
 */
function truehd(box: Payload): AudioConfig {
  const code = box.u8(0) >> 4;
  const sampleRate = (code & 7) > 2 ? null : (code & 8 ? 44_100 : 48_000) * 2 ** (code & 7);
  const assignment = box.u32(0) & 0x1fff || (box.u32(0) >>> 15) & 0x1f;
  return { channels: orNull(countSpeakers(TRUEHD_CHANNELS, assignment)), sampleRate };
}

/** Speakers of the bits that are set in `mask`, least significant first. */
function countSpeakers(speakers: readonly number[], mask: number): number {
  return speakers.reduce((sum, count, bit) => (mask & (1 << bit) ? sum + count : sum), 0);
}

/** STREAMINFO in FLACSpecificBox (Encapsulation of FLAC in ISO Base Media File Format §3.3.2). */
function flac(box: Payload): AudioConfig {
  const streamInfo = 4 + 4;
  const bits = box.u32(streamInfo + 10);
  return { sampleRate: bits >>> 12, channels: ((bits >>> 9) & 7) + 1 };
}

/** ALACSpecificConfig behind the box's version. */
function alac(box: Payload): AudioConfig | undefined {
  if (box.length < 28) return undefined;
  return { channels: box.u8(4 + 9), sampleRate: box.u32(4 + 20) };
}

/** Bit of ChannelLayout, least significant first, to speakers (ETSI TS 102 114 table 7-10). */
const DTS_CHANNELS = [1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 2, 1, 2, 1, 2];

/** DTSSpecificBox (ETSI TS 102 114 annex E). */
function dts(box: Payload): AudioConfig {
  const layout = box.length >= 20 ? box.u16(17) & 0xffff : 0;
  const channels = countSpeakers(DTS_CHANNELS, layout);
  return { channels: orNull(channels), sampleRate: orNull(box.u32(0)) };
}
