import { BitReader } from './bit-reader.js';

/** What an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) says of the decoded sound. */
export interface AudioSpecificConfig {
  /** As signalled first: 2 is AAC LC, 5 HE-AAC, 29 HE-AAC v2, 42 xHE-AAC. */
  readonly audioObjectType: number;
  /** In Hz, of the output: that of the SBR extension where it is signalled. Null for a reserved index. */
  readonly sampleRate: number | null;
  /** Of the output: two for parametric stereo over a mono core. Null where it cannot be told. */
  readonly channels: number | null;
}

const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/** By channelConfiguration (ISO/IEC 14496-3 table 1.19); 0 is told by a program config element. */
const CHANNELS: Record<number, number> = {
  ...{ 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8 },
  ...{ 11: 7, 12: 8, 13: 24, 14: 8 },
};
const SBR = 5;
const PARAMETRIC_STEREO = 29;
const SYNC_EXTENSION = 0x2b7;
const PARAMETRIC_STEREO_EXTENSION = 0x548;
/** The object types that are followed by a GASpecificConfig. */
const GENERAL_AUDIO = new Set([1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23]);

/** Parses the DecoderSpecificInfo of MPEG-4 audio; undefined when it is too short to say anything. */
export function parseAudioSpecificConfig(bytes: Uint8Array): AudioSpecificConfig | undefined {
  const bits = new BitReader(bytes);
  const audioObjectType = readObjectType(bits);
  let sampleRate = readSampleRate(bits);
  const configuration = bits.read(4);
  if (bits.left < 0) return undefined;
  let coreType = audioObjectType;
  let parametricStereo = audioObjectType === PARAMETRIC_STEREO;
  if (audioObjectType === SBR || parametricStereo) {
    sampleRate = readSampleRate(bits);
    coreType = readObjectType(bits);
  }
  let channels = CHANNELS[configuration] ?? null;
  if (GENERAL_AUDIO.has(coreType)) {
    const counted = readGeneralAudio(bits, coreType, configuration);
    if (configuration === 0) channels = counted;
  }
  if (coreType === audioObjectType) {
    const extension = findExtension(bits);
    sampleRate = extension?.sampleRate ?? sampleRate;
    parametricStereo = extension?.parametricStereo ?? false;
  }
  if (parametricStereo && channels === 1) channels = 2;
  return { audioObjectType, sampleRate, channels };
}

function readObjectType(bits: BitReader): number {
  const type = bits.read(5);
  return type === 31 ? 32 + bits.read(6) : type;
}

function readSampleRate(bits: BitReader): number | null {
  const index = bits.read(4);
  return index === 15 ? bits.read(24) : (SAMPLE_RATES[index] ?? null);
}

/** GASpecificConfig (ISO/IEC 14496-3 §4.4.1); answers the channels of its program config element, if it has one. */
function readGeneralAudio(bits: BitReader, type: number, configuration: number): number | null {
  bits.skip(1);
  if (bits.read(1) === 1) bits.skip(14);
  const extended = bits.read(1) === 1;
  const channels = configuration === 0 ? readProgramConfig(bits) : null;
  if (type === 6 || type === 20) bits.skip(3);
  if (extended) {
    if (type === 22) bits.skip(16);
    if (type === 17 || type === 19 || type === 20 || type === 23) bits.skip(3);
    bits.skip(1);
  }
  return channels;
}

/** program_config_element (ISO/IEC 14496-3 §4.4.1.1): one channel for each single element, two for each pair. */
function readProgramConfig(bits: BitReader): number | null {
  bits.skip(10);
  const speakers = bits.read(4) + bits.read(4) + bits.read(4);
  const lowFrequency = bits.read(2);
  const rest = [bits.read(3) * 4, bits.read(4) * 5];
  for (const length of [4, 4, 3]) if (bits.read(1) === 1) bits.skip(length);
  let channels = lowFrequency;
  for (let index = 0; index < speakers; index += 1) {
    channels += 1 + bits.read(1);
    bits.skip(4);
  }
  for (const length of [lowFrequency * 4, ...rest]) bits.skip(length);
  bits.alignToByte();
  bits.skip(bits.read(8) * 8);
  return bits.left < 0 ? null : channels;
}

/** The backward compatible signalling of SBR and PS behind the core's configuration (§1.6.6.1). */
function findExtension(
  bits: BitReader,
): { sampleRate: number | null; parametricStereo: boolean } | undefined {
  for (; bits.left >= 16; bits.skip(1)) {
    const ahead = bits.fork();
    if (ahead.read(11) !== SYNC_EXTENSION) continue;
    if (readObjectType(ahead) !== SBR || ahead.read(1) === 0) return undefined;
    const sampleRate = readSampleRate(ahead);
    const parametricStereo =
      ahead.left >= 12 && ahead.read(11) === PARAMETRIC_STEREO_EXTENSION && ahead.read(1) === 1;
    return { sampleRate, parametricStereo };
  }
  return undefined;
}
