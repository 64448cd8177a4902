import type { TrackFacts } from '../isobmff/index.js';
import type { TsPacket } from './packets.js';

/** An elementary stream as the program map lists it. */
export interface TsStream {
  readonly pid: number;
  readonly facts: TrackFacts;
}

/** A section is at most this long (ISO/IEC 13818-1 §2.4.4.9). */
const LONGEST_SECTION = 1024;

/** Finds the first program's map in the packets in front; undefined when it does not come. */
export function readProgram(packets: Iterable<TsPacket>): TsStream[] | undefined {
  const sections = new Map<number, Uint8Array>();
  let mapPid: number | undefined;
  for (const packet of packets) {
    if (packet.pid !== 0 && packet.pid !== mapPid) continue;
    const section = collect(sections, packet);
    if (!section) continue;
    if (packet.pid === 0) mapPid ??= firstProgram(section);
    else if (section[0] === 2) return parseMap(section);
  }
  return undefined;
}

/** Adds a packet to the section of its PID, and answers that when it is whole. */
function collect(
  sections: Map<number, Uint8Array>,
  { pid, starts, payload }: TsPacket,
): Uint8Array | undefined {
  const soFar = starts ? new Uint8Array(0) : sections.get(pid);
  if (!soFar || soFar.length > LONGEST_SECTION + 188) return undefined;
  // The pointer field says where the section begins.
  const added = starts ? payload.subarray(1 + (payload[0] ?? 0)) : payload;
  const bytes = Buffer.concat([soFar, added]);
  sections.set(pid, bytes);
  if (bytes.length < 3) return undefined;
  const length = 3 + (bytes.readUInt16BE(1) & 0xfff);
  return bytes.length >= length ? bytes.subarray(0, length) : undefined;
}

/** The PID of the first program's map (§2.4.4.3); program 0 is the network. */
function firstProgram(section: Uint8Array): number | undefined {
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    if (view.getUint16(at) !== 0) return view.getUint16(at + 2) & 0x1fff;
  }
  return undefined;
}

/** §2.4.4.8 */
function parseMap(section: Uint8Array): TsStream[] {
  const streams: TsStream[] = [];
  const view = new DataView(section.buffer, section.byteOffset, section.length);
  const end = section.length - 4;
  if (end < 12) return streams;
  let at = 12 + (view.getUint16(10) & 0xfff);
  while (at + 5 <= end) {
    const next = at + 5 + (view.getUint16(at + 3) & 0xfff);
    const descriptors = parseDescriptors(section.subarray(at + 5, Math.min(next, end)));
    streams.push({ pid: view.getUint16(at + 1) & 0x1fff, facts: describe(section[at]!, descriptors) });
    at = next;
  }
  return streams;
}

function parseDescriptors(bytes: Uint8Array): Map<number, string> {
  const descriptors = new Map<number, string>();
  for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes[at + 1]!) {
    descriptors.set(
      bytes[at]!,
      Buffer.from(bytes.subarray(at + 2, at + 2 + bytes[at + 1]!)).toString('latin1'),
    );
  }
  return descriptors;
}

/** Stream types (ISO/IEC 13818-1 table 2-34; those from 0x80 on are ATSC A/53 and Blu-ray). */
const TYPES: Record<number, readonly [TrackFacts['kind'], string | null]> = {
  0x01: ['video', 'mpeg1video'],
  0x02: ['video', 'mpeg2video'],
  0x03: ['audio', 'mp2'],
  0x04: ['audio', 'mp2'],
  0x0f: ['audio', 'aac'],
  0x10: ['video', 'mpeg4'],
  0x11: ['audio', 'aac_latm'],
  0x15: ['metadata', 'timed_id3'],
  0x1b: ['video', 'h264'],
  0x24: ['video', 'hevc'],
  0x33: ['video', 'vvc'],
  0x81: ['audio', 'ac3'],
  0x87: ['audio', 'eac3'],
};

/** Private data is what its descriptors say (ETSI EN 300 468 §6.1), or its registered format. */
const BY_DESCRIPTOR: Record<number, readonly [TrackFacts['kind'], string]> = {
  0x56: ['subtitle', 'dvb_teletext'],
  0x59: ['subtitle', 'dvb_subtitle'],
  0x6a: ['audio', 'ac3'],
  0x7a: ['audio', 'eac3'],
  0x7b: ['audio', 'dts'],
  0x7c: ['audio', 'aac'],
};
const BY_FORMAT: Record<string, readonly [TrackFacts['kind'], string]> = {
  'AC-3': ['audio', 'ac3'],
  EAC3: ['audio', 'eac3'],
  Opus: ['audio', 'opus'],
  HEVC: ['video', 'hevc'],
  AV01: ['video', 'av1'],
  DTS1: ['audio', 'dts'],
  DTS2: ['audio', 'dts'],
  DTS3: ['audio', 'dts'],
};
const PRIVATE = 0x06;
const REGISTRATION = 0x05;
const LANGUAGE = 0x0a;

function describe(type: number, descriptors: Map<number, string>): TrackFacts {
  const told = [...descriptors.keys()].flatMap((tag) => (BY_DESCRIPTOR[tag] ? [BY_DESCRIPTOR[tag]] : []));
  const registered = BY_FORMAT[descriptors.get(REGISTRATION)?.slice(0, 4) ?? ''];
  const known = type === PRIVATE ? (registered ?? told[0]) : TYPES[type];
  const [kind, codecName] = known ?? (['other', null] as const);
  const language = /^[a-z]{3}/.exec(descriptors.get(LANGUAGE) ?? '')?.[0];
  return { kind, codec: null, codecName, language: language === 'und' ? null : (language ?? null) };
}
