/** One parameter set of an HEVC stream: a NAL unit with its header (ITU-T H.265 §7.3.1). */
export interface ParameterSet {
  /** 32 to 34: video, sequence, picture. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** What a HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1) says of parameter sets. */
export interface HevcConfiguration {
  /** Bytes of the length in front of each NAL unit of a sample: 1, 2 or 4. */
  readonly lengthSize: number;
  readonly parameterSets: readonly ParameterSet[];
  /** Where in the record the first byte of each array of parameter sets is whose array_completeness is 0. */
  readonly incomplete: readonly number[];
}

export const VIDEO_PARAMETER_SET = 32;
export const PICTURE_PARAMETER_SET = 34;
const ARRAYS = 22;

/** Undefined when the record breaks off. */
export function parseHevcConfiguration(record: Uint8Array): HevcConfiguration | undefined {
  if (record.length <= ARRAYS) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const parameterSets: ParameterSet[] = [];
  const incomplete: number[] = [];
  let at = ARRAYS + 1;
  for (let arrays = record[ARRAYS]!; arrays > 0; arrays -= 1) {
    if (at + 3 > record.length) return undefined;
    const type = record[at]! & 0x3f;
    const isParameterSet = type >= VIDEO_PARAMETER_SET && type <= PICTURE_PARAMETER_SET;
    if (isParameterSet && record[at]! < 0x80) incomplete.push(at);
    const units = view.getUint16(at + 1);
    at += 3;
    for (let unit = 0; unit < units; unit += 1) {
      if (at + 2 > record.length) return undefined;
      const end = at + 2 + view.getUint16(at);
      if (end > record.length) return undefined;
      if (isParameterSet) parameterSets.push({ type, bytes: record.subarray(at + 2, end) });
      at = end;
    }
  }
  return { lengthSize: (record[21]! & 3) + 1, parameterSets, incomplete };
}

/** Whether a picture can be decoded with these alone, as far as their kinds tell. */
export function hasEveryKind({ parameterSets }: HevcConfiguration): boolean {
  return new Set(parameterSets.map(({ type }) => type)).size === 3;
}

/** NAL units looked at in one sample: parameter sets stand in front of the pictures. */
const MOST_UNITS = 16;

/**
 * Whether the sample that begins with these bytes brings parameter sets of its own that the record does not have.
 * Those it repeats change nothing.
 */
export function bringsOtherSets(sample: Uint8Array, configuration: HevcConfiguration): boolean {
  const { lengthSize, parameterSets } = configuration;
  let at = 0;
  for (let units = 0; units < MOST_UNITS && at + lengthSize < sample.length; units += 1) {
    let length = 0;
    for (const byte of sample.subarray(at, at + lengthSize)) length = length * 256 + byte;
    const unit = sample.subarray(at + lengthSize, at + lengthSize + length);
    const type = (unit[0]! >> 1) & 0x3f;
    // A picture, or no NAL unit at all: forbidden_zero_bit is set.
    if (unit.length < length || length < 2 || type < VIDEO_PARAMETER_SET || unit[0]! >= 0x80) return false;
    const known = parameterSets.some(({ bytes }) => Buffer.compare(bytes, unit) === 0);
    if (type <= PICTURE_PARAMETER_SET && !known) return true;
    at += lengthSize + length;
  }
  return false;
}
