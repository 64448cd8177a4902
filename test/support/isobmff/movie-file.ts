/**
 * Reads a whole movie in memory the simplest way there is: a second opinion on what the product reads box by box.
 * Throws on anything that is not as it should be.
 */
export interface ParsedBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** Where its contents begin. */
  readonly body: number;
}

/** A run of bytes of the file that belongs to a track, or to an item. */
export interface MediaRun {
  readonly offset: number;
  readonly size: number;
  readonly external: boolean;
}

export function parseBoxes(file: Buffer, from = 0, to = file.length): ParsedBox[] {
  const boxes: ParsedBox[] = [];
  let start = from;
  while (to - start >= 8) {
    const short = file.readUInt32BE(start);
    const size =
      short === 1
        ? Number(file.readBigUInt64BE(start + 8))
        : short === 0 && to === file.length
          ? to - start
          : short;
    if (size < 8 || start + size > to) break;
    const type = file.toString('latin1', start + 4, start + 8);
    boxes.push({ type, start, end: start + size, body: start + (short === 1 ? 16 : 8) });
    start += size;
  }
  return boxes;
}

export function childrenOf(file: Buffer, parent: ParsedBox, ...path: string[]): ParsedBox[] {
  const [type, ...rest] = path;
  const found = parseBoxes(file, contentsOf(file, parent), parent.end).filter((child) => child.type === type);
  return rest.length === 0 ? found : found.flatMap((child) => childrenOf(file, child, ...rest));
}

/** Where the boxes in a box begin: in a meta box behind its version, which QuickTime's has not. */
export function contentsOf(file: Buffer, { type, body, end }: ParsedBox): number {
  const isFull =
    type === 'meta' && end - body >= 8 && !/hdlr|keys/.test(file.toString('latin1', body + 4, body + 8));
  return isFull ? body + 4 : body;
}

/** The chunks of every track, in order. */
export function readChunks(file: Buffer): MediaRun[][] {
  const moov = parseBoxes(file).find(({ type }) => type === 'moov')!;
  return childrenOf(file, moov, 'trak', 'mdia', 'minf').map((minf) => chunksOfTrack(file, minf));
}

type Found = ParsedBox | undefined;

function chunksOfTrack(file: Buffer, minf: ParsedBox): MediaRun[] {
  const [stbl] = childrenOf(file, minf, 'stbl');
  if (!stbl) return [];
  const table = (type: string) => childrenOf(file, stbl, type)[0];
  const [stco, co64, stsc, stsz, stz2] = ['stco', 'co64', 'stsc', 'stsz', 'stz2'].map(table) as Found[];
  const chunkBox = stco ?? co64;
  if (!chunkBox || !stsc) return [];
  const external = externalDescriptions(file, minf, stbl);
  const runs = Array.from({ length: file.readUInt32BE(stsc.body + 4) }, (_, index) =>
    [0, 4, 8].map((field) => file.readUInt32BE(stsc.body + 8 + index * 12 + field)),
  );
  const sizes = stz2 ?? stsz;
  const count = sizes ? file.readUInt32BE(sizes.body + 8) : 0;
  const uniform = stsz && !stz2 ? file.readUInt32BE(stsz.body + 4) : 0;
  const bits = stz2 ? file[stz2.body + 7]! : 32;
  const sizeOf = (sample: number) =>
    bits === 4
      ? (file[sizes!.body + 12 + (sample >> 1)]! >> (sample % 2 ? 0 : 4)) & 15
      : file.readUIntBE(sizes!.body + 12 + (sample * bits) / 8, bits / 8);
  let sample = 0;
  return Array.from({ length: file.readUInt32BE(chunkBox.body + 4) }, (_, index) => {
    const run = runs.filter(([first]) => first! <= index + 1).at(-1) ?? [1, 0, runs[0]?.[2] ?? 1];
    const last = Math.max(sample, Math.min(sample + run[1]!, count));
    let size = uniform * (last - sample);
    for (; uniform === 0 && sample < last; sample += 1) size += sizeOf(sample);
    sample = last;
    const offset = stco
      ? file.readUInt32BE(stco.body + 8 + index * 4)
      : Number(file.readBigUInt64BE(co64!.body + 8 + index * 8));
    return { offset, size, external: external[run[2]! - 1] ?? false };
  });
}

function externalDescriptions(file: Buffer, minf: ParsedBox, stbl: ParsedBox): boolean[] {
  const [dref] = childrenOf(file, minf, 'dinf', 'dref');
  const [stsd] = childrenOf(file, stbl, 'stsd');
  if (!dref || !stsd) return [];
  const references = entriesOf(file, dref, 12).map(
    (at) => /url |urn |alis|rsrc/.test(file.toString('latin1', at + 4, at + 8)) && (file[at + 11]! & 1) === 0,
  );
  return entriesOf(file, stsd, 16).map((at) => references[file.readUInt16BE(at + 14) - 1] ?? false);
}

/** Where the entries of a list begin whose sizes have 32 bits; the last may lie about its own. */
function entriesOf(file: Buffer, list: ParsedBox, least: number): number[] {
  const entries: number[] = [];
  for (let at = list.body + 8; at + least <= list.end; at += file.readUInt32BE(at)) {
    entries.push(at);
    if (file.readUInt32BE(at) < least) break;
  }
  return entries;
}

/** Where the `saio` boxes of each sample table point, as one byte each. */
export function readAuxiliary(file: Buffer): MediaRun[][] {
  const moov = parseBoxes(file).find(({ type }) => type === 'moov')!;
  return childrenOf(file, moov, 'trak', 'mdia', 'minf').flatMap((minf) => {
    const chunks = chunksOfTrack(file, minf);
    return childrenOf(file, minf, 'stbl', 'saio').map((saio) => {
      const at = saio.body + 4 + (file[saio.body + 3]! & 1 ? 8 : 0);
      const width = file[saio.body] === 0 ? 4 : 8;
      return Array.from({ length: file.readUInt32BE(at) }, (_, index) => {
        const field = at + 4 + index * width;
        const offset = width === 8 ? Number(file.readBigUInt64BE(field)) : file.readUInt32BE(field);
        return { offset, size: 1, external: (chunks[index] ?? chunks.at(-1))?.external ?? false };
      });
    });
  });
}

/** The extents of each item that lies in the file, of one `iloc` box. */
export function readItems(file: Buffer, iloc: ParsedBox): MediaRun[][] {
  let at = iloc.body;
  const take = (width: number) => {
    at += width;
    if (width === 0) return 0;
    return width === 8 ? Number(file.readBigUInt64BE(at - 8)) : file.readUIntBE(at - width, width);
  };
  const version = take(4) >>> 24;
  const sizes = take(2);
  const [offsetWidth, lengthWidth, baseWidth] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexWidth = version > 0 ? sizes & 15 : 0;
  const count = take(version < 2 ? 2 : 4);
  return Array.from({ length: count }, () => {
    take(version < 2 ? 2 : 4);
    const method = version > 0 ? take(2) & 15 : 0;
    const reference = take(2);
    const base = take(baseWidth);
    const extents = Array.from({ length: take(2) }, () => {
      take(indexWidth);
      const offset = base + take(offsetWidth);
      return { offset, size: take(lengthWidth), external: method !== 0 || reference !== 0 };
    });
    return extents;
  });
}
