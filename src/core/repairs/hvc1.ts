import {
  BoundedReader,
  type BoxNode,
  type ChildBox,
  childBoxes,
  findBox,
  findBoxes,
  findTopLevelBox,
  isIsoBmff,
  readBoxTree,
  VISUAL_ENTRY_FIELDS,
} from '../isobmff/index.js';
import type { ByteSource } from '../bytes/index.js';
import { bringsOtherSets, hasEveryKind, parseHevcConfiguration } from './hevc-configuration.js';
import { applyPatches, overwrite, type Patch } from './patch.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';

/**
 * Tags HEVC as Apple's players want it: `hev1` becomes `hvc1`, and `dvhe` of Dolby Vision becomes `dvh1`, which is made
 * of it in the same way (Dolby Vision Streams within the ISO base media file format §2). Both new names say that the
 * parameter sets are in the sample entry and nowhere else (ISO/IEC 14496-15 §8.3.3.1), and array_completeness has to
 * say so too. So the entry must have a set of each kind, and the first sample none that the entry has not.
 */
export const hvc1: Repair = { name: 'hvc1', version: 1, plan: planHvc1 };

const NEW_NAMES: Record<string, string> = { hev1: 'hvc1', dvhe: 'dvh1' };
const KEEP = new Map([
  ['stsd', 65_536],
  ['stco', 12],
  ['co64', 16],
]);
/** Bytes of a sample that are looked at: room for the parameter sets of any real encoder. */
const SAMPLE_START = 4096;

async function planHvc1(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  if (!isIsoBmff(await reader.read(0, 16), source.size)) return NOT_NEEDED;
  const moov = await findTopLevelBox(reader, 'moov');
  if (!moov) return NOT_NEEDED;
  signal?.throwIfAborted();
  const { root } = await readBoxTree(reader, moov, KEEP);
  const patches: Patch[] = [];
  const changes = new Set<string>();
  for (const trak of findBoxes(root, 'trak')) {
    const stbl = findBox(trak, 'mdia', 'minf', 'stbl');
    const stsd = stbl && findBox(stbl, 'stsd');
    for (const entry of stsd ? entriesToRename(stsd) : []) {
      signal?.throwIfAborted();
      const { oldName, nameOffset, record, recordOffset } = entry;
      const configuration = record && parseHevcConfiguration(record.payload.bytes);
      if (!configuration) return IMPOSSIBLE.malformed;
      if (!hasEveryKind(configuration)) return IMPOSSIBLE.inBand;
      const firstSample = await readFirstSample(reader, stbl!);
      if (bringsOtherSets(firstSample, configuration)) return IMPOSSIBLE.inBand;
      patches.push(overwrite(nameOffset, Buffer.from(NEW_NAMES[oldName]!, 'latin1')));
      for (const at of configuration.incomplete) {
        patches.push(overwrite(recordOffset + at, Buffer.of(record.payload.bytes[at]! | 0x80)));
      }
      changes.add(`The HEVC video is tagged ${NEW_NAMES[oldName]!} instead of ${oldName}.`);
    }
  }
  if (patches.length === 0) return NOT_NEEDED;
  return { kind: 'repaired', map: applyPatches(source, patches), changes: [...changes] };
}

interface Entry {
  readonly oldName: string;
  /** Where its name stands in the file: as its type, or of a protected entry in `frma` (§8.12.2). */
  readonly nameOffset: number;
  readonly record: ChildBox | undefined;
  readonly recordOffset: number;
}

function entriesToRename(stsd: BoxNode): Entry[] {
  const fields = 8;
  const base = stsd.offset + stsd.headerSize;
  return childBoxes(stsd.payload, fields).flatMap((entry) => {
    const boxes = childBoxes(entry.payload, VISUAL_ENTRY_FIELDS);
    const contents = base + entry.start;
    const record = boxes.find(({ type }) => type === 'hvcC');
    const found = { record, recordOffset: contents + (record?.start ?? 0) };
    if (NEW_NAMES[entry.type]) {
      const nameOffset = contents - (entry.headerSize - 4);
      return [{ oldName: entry.type, nameOffset, ...found }];
    }
    const sinf = entry.type === 'encv' ? boxes.find(({ type }) => type === 'sinf') : undefined;
    const frma = sinf && childBoxes(sinf.payload, 0).find(({ type }) => type === 'frma');
    if (!frma || frma.payload.length < 4 || !NEW_NAMES[frma.payload.type(0)]) return [];
    return [{ oldName: frma.payload.type(0), nameOffset: contents + sinf.start + frma.start, ...found }];
  });
}

/** The start of the track's first sample; empty where fragments hold it. */
async function readFirstSample(reader: BoundedReader, stbl: BoxNode): Promise<Uint8Array> {
  const table = findBox(stbl, 'stco') ?? findBox(stbl, 'co64');
  const wide = table?.type === 'co64';
  if (!table || table.payload.length < (wide ? 16 : 12) || table.payload.u32(4) === 0) return Buffer.alloc(0);
  return reader.read(wide ? table.payload.u64(8) : table.payload.u32(8), SAMPLE_START);
}

const IMPOSSIBLE = {
  malformed: impossible('malformed-hvcc', 'The configuration of the HEVC video is missing or breaks off.'),
  inBand: impossible(
    'parameter-sets-in-band',
    'The HEVC video carries parameter sets between its pictures that its sample entry lacks, which hvc1 does not allow.',
  ),
};
