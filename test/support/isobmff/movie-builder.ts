import { box, bytes, fixed, fullBox, type Part, u16, u32, u64, u8, zeros } from './box-builder.js';

/** Everything that may differ from a plain track of one second. Durations are in units of the timescales. */
export interface TrackOptions {
  readonly id?: number;
  readonly handler?: string;
  readonly timescale?: number;
  readonly duration?: number;
  readonly language?: number;
  readonly matrix?: Part;
  /** Of tkhd, in pixels. */
  readonly size?: readonly [number, number];
  readonly edits?: readonly (readonly [duration: number, mediaTime: number])[];
  readonly entry?: Part;
  /** Replaces stsd. */
  readonly descriptions?: Part;
  /** Replaces stsc. */
  readonly sampleToChunk?: Part;
  /** Replaces stco. */
  readonly chunkOffsets?: Part;
  /** Replaces stsz. */
  readonly sampleSizes?: Part;
  readonly dref?: Part;
  /** Boxes added at the end of trak, mdia, stbl. */
  readonly inTrak?: Part;
  readonly inMdia?: Part;
  readonly inStbl?: Part;
  readonly version?: 0 | 1;
}

export interface MovieOptions {
  readonly timescale?: number;
  readonly duration?: number;
  readonly matrix?: Part;
  readonly version?: 0 | 1;
  readonly tracks?: Part;
  /** Boxes behind the tracks. */
  readonly more?: Part;
}

const UNITY = [1, 0, 0, 1];

/** A matrix with the linear part a, b, c, d. */
export function matrix([a, b, c, d]: readonly number[] = UNITY): Buffer {
  return bytes(fixed(a!), fixed(b!), u32(0), fixed(c!), fixed(d!), u32(0), u32(0, 0, 0x4000_0000));
}

const times = (version: number, before: Part, duration: number, timescale?: Part) =>
  version === 1
    ? bytes(u64(0), u64(0), before, timescale ?? [], u64(duration))
    : bytes(u32(0, 0), before, timescale ?? [], u32(duration));

export const ftyp = (major = 'isom', ...compatible: string[]) => box('ftyp', major, u32(512), compatible);
export const mdat = (...payload: Part[]) => box('mdat', ...payload);

export function mvhd({ version = 0, timescale = 1000, duration = 1000, ...options }: MovieOptions): Buffer {
  const rest = [fixed(1), u16(0x100), zeros(10), options.matrix ?? matrix(), zeros(24), u32(9)];
  return fullBox('mvhd', version, 0, times(version, u32(timescale), duration), rest);
}

export function tkhd({ version = 0, id = 1, size = [320, 180], ...options }: TrackOptions): Buffer {
  const rest = [zeros(8), u16(0, 0, 0, 0), options.matrix ?? matrix(), fixed(size[0]), fixed(size[1])];
  return fullBox('tkhd', version, 3, times(version, u32(id, 0), 1000), rest);
}

export function mdhd({
  version = 0,
  timescale = 1000,
  duration = 1000,
  language = 0x55c4,
}: TrackOptions): Buffer {
  return fullBox('mdhd', version, 0, times(version, u32(timescale), duration), u16(language, 0));
}

export const hdlr = (handler: string) => fullBox('hdlr', 0, 0, u32(0), handler, zeros(12), 'name\0');

export function elst(edits: readonly (readonly [number, number])[]): Buffer {
  const entries = edits.map(([duration, mediaTime]) => [u32(duration, mediaTime), u16(1, 0)]);
  return box('edts', fullBox('elst', 0, 0, u32(edits.length), entries));
}

export const stsd = (...entries: Part[]) => fullBox('stsd', 0, 0, u32(entries.length), entries);
export const stts = (...entries: (readonly [number, number])[]) =>
  fullBox(
    'stts',
    0,
    0,
    u32(entries.length),
    entries.map(([count, delta]) => u32(count, delta)),
  );
export const stsc = (...runs: (readonly [firstChunk: number, samples: number, description?: number])[]) =>
  fullBox(
    'stsc',
    0,
    0,
    u32(runs.length),
    runs.map(([firstChunk, samples, description = 1]) => u32(firstChunk, samples, description)),
  );
export const stsz = (size: number, count: number, ...sizes: number[]) =>
  fullBox('stsz', 0, 0, u32(size, count), u32(...sizes));
export const stco = (...offsets: number[]) => fullBox('stco', 0, 0, u32(offsets.length), u32(...offsets));
export const co64 = (...offsets: (number | bigint)[]) =>
  fullBox(
    'co64',
    0,
    0,
    u32(offsets.length),
    offsets.map((offset) => u64(offset)),
  );
/** A data reference for each of these flags; 1 is this very file. */
export const dref = (...flags: number[]) =>
  box(
    'dinf',
    fullBox('dref', 0, 0, u32(flags.length), flags.map((flag) => fullBox('url ', 0, flag))), // prettier-ignore
  );

/** A VisualSampleEntry with boxes behind its fields. */
export function visualEntry(
  type: string,
  [width, height]: readonly [number, number],
  ...boxes: Part[]
): Buffer {
  const fields = [zeros(6), u16(1), zeros(16), u16(width, height), u32(0x48_0000, 0x48_0000), zeros(4)];
  return box(type, fields, u16(1), zeros(32), u16(24, 0xffff), boxes);
}

/** An AudioSampleEntry with boxes behind its fields; `version` 1 has QuickTime's 16 bytes more. */
export function audioEntry(
  type: string,
  sound: { channels?: number; bits?: number; rate?: number; version?: number },
  ...boxes: Part[]
): Buffer {
  const { channels = 2, bits = 16, rate = 48_000, version = 0 } = sound;
  const fields = [zeros(6), u16(1), u16(version, 0), u32(0), u16(channels, bits, 0, 0), u16(rate, 0)];
  return box(type, fields, version === 1 ? zeros(16) : [], boxes);
}

/** An esds box: objectTypeIndication and DecoderSpecificInfo. */
export function esds(objectType: number, specific: Uint8Array, averageBitRate = 0): Buffer {
  const descriptor = (tag: number, ...content: Part[]) => {
    const body = bytes(...content);
    return bytes(u8(tag, 0x80, 0x80, 0x80, body.length), body);
  };
  const info = specific.length > 0 ? descriptor(5, specific) : [];
  const config = descriptor(4, u8(objectType, 0x15), zeros(3), u32(0, averageBitRate), info);
  return fullBox('esds', 0, 0, descriptor(3, u16(1), u8(0), config, descriptor(6, u8(2))));
}

export const avcC = box('avcC', u8(1, 0x64, 0, 0x0d, 0xff, 0xe0, 0));
export const AVC_ENTRY = visualEntry('avc1', [320, 180], avcC);
export const AAC_ENTRY = audioEntry('mp4a', {}, esds(0x40, u8(0x11, 0x90)));

/** A track of one second: ten samples in one chunk at byte 40, unless told otherwise. */
export function trak(options: TrackOptions = {}): Buffer {
  const { handler = 'vide', entry = handler === 'soun' ? AAC_ENTRY : AVC_ENTRY, duration = 1000 } = options;
  const tables = [
    options.descriptions ?? stsd(entry),
    stts([10, duration / 10]),
    options.sampleToChunk ?? stsc([1, 10]),
    options.sampleSizes ?? stsz(1, 10),
    options.chunkOffsets ?? stco(40),
    options.inStbl ?? [],
  ];
  const minf = box('minf', options.dref ?? dref(1), box('stbl', tables));
  return box(
    'trak',
    tkhd(options),
    options.edits ? elst(options.edits) : [],
    box('mdia', mdhd(options), hdlr(handler), minf, options.inMdia ?? []),
    options.inTrak ?? [],
  );
}

/** A movie of one second with one video track, unless told otherwise. */
export function moov(options: MovieOptions = {}): Buffer {
  return box('moov', mvhd(options), options.tracks ?? trak(), options.more ?? []);
}

/** Makes a movie one for fragments. */
export function mvex(
  tracks: readonly (readonly [id: number, duration: number])[],
  promised?: number,
): Buffer {
  const mehd = promised === undefined ? [] : fullBox('mehd', 0, 0, u32(promised));
  return box(
    'mvex',
    mehd,
    tracks.map(([id, duration]) => fullBox('trex', 0, 0, u32(id, 1, duration, 0, 0))),
  );
}

/** A fragment of one track: `count` samples of the default duration or of these durations. */
export function moof(options: {
  readonly id?: number;
  readonly start?: number;
  readonly count?: number;
  readonly durations?: readonly number[];
  readonly offsets?: readonly number[];
  readonly defaultDuration?: number;
}): Buffer {
  const { id = 1, start, durations, offsets, defaultDuration } = options;
  const count = options.count ?? durations?.length ?? offsets?.length ?? 10;
  const flags = (durations ? 0x100 : 0) | (offsets ? 0x800 : 0);
  const sample = (index: number) =>
    u32(...(durations ? [durations[index]!] : []), ...(offsets ? [offsets[index]!] : []));
  const samples = flags ? Array.from({ length: count }, (_, index) => sample(index)) : [];
  const tfhd =
    defaultDuration === undefined
      ? fullBox('tfhd', 0, 0x2_0000, u32(id))
      : fullBox('tfhd', 0, 0x2_0008, u32(id, defaultDuration));
  const tfdt = start === undefined ? [] : fullBox('tfdt', 1, 0, u64(start));
  const trun = fullBox('trun', 1, flags, u32(count), samples);
  return box('moof', fullBox('mfhd', 0, 0, u32(1)), box('traf', tfhd, tfdt, trun));
}

/** An index of `references`: size in bytes and duration each. */
export function sidx(
  timescale: number,
  references: readonly (readonly [size: number, duration: number])[],
  { id = 1, earliest = 0, firstOffset = 0 } = {},
): Buffer {
  const entries = references.map(([size, duration]) => u32(size, duration, 0x9000_0000));
  return fullBox('sidx', 0, 0, u32(id, timescale, earliest, firstOffset), u16(0, references.length), entries);
}

/** Where auxiliary information of samples lies; version 1 has 64-bit offsets, `type` the optional type of it. */
export function saio(offsets: readonly number[], { version = 0, type = '' } = {}): Buffer {
  const field = version === 0 ? u32 : u64;
  const flags = type === '' ? 0 : 1;
  const entries = offsets.map((offset) => field(offset));
  return fullBox('saio', version, flags, type === '' ? [] : [type, u32(0)], u32(offsets.length), entries);
}

/** An item: where it lies, by a base offset and extents. */
export interface ItemOptions {
  readonly method?: number;
  readonly reference?: number;
  readonly base?: number;
  readonly extents: readonly (readonly [offset: number, length: number])[];
}

/** Item locations with fields of these widths in bytes. */
export function iloc(
  items: readonly ItemOptions[],
  { version = 0, offsetWidth = 4, lengthWidth = 4, baseWidth = 0, indexWidth = 0 } = {},
): Buffer {
  const field = (width: number, value: number) => (width === 8 ? u64(value) : width === 4 ? u32(value) : []);
  const id = (value: number) => (version === 2 ? u32(value) : u16(value));
  return fullBox(
    'iloc',
    version,
    0,
    u8(offsetWidth * 16 + lengthWidth, baseWidth * 16 + (version > 0 ? indexWidth : 0)),
    id(items.length),
    items.map(({ method = 0, reference = 0, base = 0, extents }, index) => [
      id(index + 1),
      version > 0 ? u16(method) : [],
      u16(reference),
      field(baseWidth, base),
      u16(extents.length),
      extents.map(([offset, length]) => [
        version > 0 ? field(indexWidth, 1) : [],
        field(offsetWidth, offset),
        field(lengthWidth, length),
      ]),
    ]),
  );
}

/** A meta box as ISO files have it. */
export const meta = (...boxes: Part[]) => fullBox('meta', 0, 0, hdlr('pict'), boxes);

/**
 * A file whose parts know where they begin: they are made twice, since what they say of it does not change their size.
 */
export function fileOf(make: (start: (part: number) => number) => readonly Part[]): Buffer {
  const sizes = make(() => 0).map((part) => bytes(part).length);
  return bytes(...make((part) => sizes.slice(0, part).reduce((sum, size) => sum + size, 0)));
}

/** Bytes no two stretches of which are alike, so that media read at a wrong place is noticed. */
export function noise(length: number, seed = 1): Buffer {
  const result = Buffer.alloc(length);
  let state = seed * 2_654_435_761;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    result[index] = state >>> 24;
  }
  return result;
}
