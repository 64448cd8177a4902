import { type ChildBox, childPayload } from './child-boxes.js';
import type { Payload } from './payload.js';

const hex = (value: number) => value.toString(16);
const hexByte = (value: number) => hex(value).padStart(2, '0');
const twoDigits = (value: number) => String(value).padStart(2, '0');

/**
 * The `codecs` parameter (RFC 6381 §3.3) of a video sample entry with a configuration box, or undefined when the
 * entry's type has no form of its own or the box is missing. The entry's own name is kept: `hev1` is not `hvc1`.
 *
 * @throws {ShortBoxError} when the configuration box is cut off
 */
export function videoCodecString(type: string, boxes: readonly ChildBox[]): string | undefined {
  const form = FORMS[type];
  const configuration = form && childPayload(boxes, form.box);
  return configuration ? form.format(type, configuration) : dolbyVisionString(type, boxes);
}

interface Form {
  readonly box: string;
  readonly format: (type: string, configuration: Payload) => string;
}

const AVC: Form = { box: 'avcC', format: avc };
const HEVC: Form = { box: 'hvcC', format: hevc };
const VP: Form = { box: 'vpcC', format: vp };
const FORMS: Record<string, Form> = {
  avc1: AVC,
  avc2: AVC,
  avc3: AVC,
  avc4: AVC,
  hvc1: HEVC,
  hev1: HEVC,
  av01: { box: 'av1C', format: av1 },
  vp08: VP,
  vp09: VP,
};

/** Dolby Vision: profile and level of its own box (Dolby Vision Streams within the ISO base media file format §3). */
function dolbyVisionString(type: string, boxes: readonly ChildBox[]): string | undefined {
  if (!/^(?:dvh1|dvhe|dva1|dvav|dav1)$/.test(type)) return undefined;
  const configuration = childPayload(boxes, 'dvcC') ?? childPayload(boxes, 'dvvC');
  if (!configuration) return undefined;
  const bits = configuration.u16(2);
  return `${type}.${twoDigits(bits >> 9)}.${twoDigits((bits >> 3) & 0x3f)}`;
}

/** ISO/IEC 14496-15 §5.3.3.1: profile, constraint flags, level. */
function avc(type: string, configuration: Payload): string {
  return `${type}.${[1, 2, 3].map((at) => hexByte(configuration.u8(at))).join('')}`;
}

/** ISO/IEC 14496-15 annex E.3. */
function hevc(type: string, configuration: Payload): string {
  const general = configuration.u8(1);
  const space = ['', 'A', 'B', 'C'][general >> 6]!;
  const tier = general & 0x20 ? 'H' : 'L';
  const constraints = [6, 7, 8, 9, 10, 11].map((at) => configuration.u8(at));
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    type,
    `${space}${general & 0x1f}`,
    hex(reverseBits(configuration.u32(2))),
    `${tier}${configuration.u8(12)}`,
    ...constraints.map((byte) => hex(byte).toUpperCase()),
  ].join('.');
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}

/** AV1 Codec ISO Media File Format Binding §5. */
function av1(type: string, configuration: Payload): string {
  const profileAndLevel = configuration.u8(1);
  const flags = configuration.u8(2);
  const depth = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8;
  const tier = flags & 0x80 ? 'H' : 'M';
  return `${type}.${profileAndLevel >> 5}.${twoDigits(profileAndLevel & 0x1f)}${tier}.${twoDigits(depth)}`;
}

/** VP Codec ISO Media File Format Binding: profile, level, bit depth. */
function vp(type: string, configuration: Payload): string {
  const [profile, level, depth] = [configuration.u8(4), configuration.u8(5), configuration.u8(6) >> 4];
  return `${type}.${[profile, level, depth].map(twoDigits).join('.')}`;
}
