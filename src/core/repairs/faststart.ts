import type { ByteSource } from '../bytes/index.js';
import {
  BoundedReader,
  type BoxHeader,
  faststartOf,
  findBox,
  hasBrand,
  isIsoBmff,
  LARGEST_MOOV,
  type Layout,
  liesInside,
  readBoxTree,
  readBrands,
  readLayout,
  ShortBoxError,
} from '../isobmff/index.js';
import { Refusal } from './refusal.js';
import { relocate } from './relocate.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';

/**
 * Moves the moov box, which players need first, in front of the media. Nothing else moves: every other box, their
 * order, and what follows the last one stay as they are (ISO/IEC 14496-12 §6.3.3, annex on progressive download).
 */
export const faststart: Repair = { name: 'faststart', version: 1, plan };

async function plan(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  if (!isIsoBmff(await reader.read(0, 16), reader.size)) return NOT_NEEDED;
  try {
    const layout = await readLayout(reader, untilMovieBeforeMedia());
    signal?.throwIfAborted();
    const moov = await findMovie(reader, layout);
    if (!moov) return NOT_NEEDED;
    await refuseUnmovable(reader, layout);
    const target = placeFor(layout.boxes);
    const { map, upgraded } = await relocate(source, reader, layout.boxes, moov, target, signal);
    const changes = [
      `The moov box, which players need first, stands at byte ${target} instead of byte ${moov.offset}.`,
    ];
    if (upgraded > 0) changes.push(`The chunk offsets of ${upgraded} tracks are 64-bit, to reach all media.`);
    if (await isSigned(reader, layout.boxes))
      changes.push(
        "The file's content credentials (C2PA) no longer match: they cover the order of its bytes.",
      );
    return { kind: 'repaired', map, changes };
  } catch (error) {
    if (error instanceof Refusal) return impossible(error.reason, error.message);
    if (!(error instanceof ShortBoxError)) throw error;
    return impossible('malformed-moov', 'A table in the moov box claims more entries than its box holds.');
  }
}

const isMedia = ({ type }: BoxHeader) => type === 'mdat' || type === 'moof';

/** Ends the walk at the first media behind a moov box that came first: nothing behind it matters. */
function untilMovieBeforeMedia(): (box: BoxHeader) => boolean {
  let first: BoxHeader | undefined;
  return (box) => {
    if (box.type === 'moov' || isMedia(box)) first ??= box;
    return first?.type === 'moov' && isMedia(box);
  };
}

/**
 * The moov box that is to be moved; undefined where nothing would profit.
 *
 * @throws {Refusal} where something would, but it cannot be done
 */
async function findMovie(reader: BoundedReader, layout: Layout): Promise<BoxHeader | undefined> {
  const { boxes } = layout;
  const moovs = boxes.filter(({ type }) => type === 'moov');
  const [moov] = moovs;
  if (!moov) return refuseWithoutMovie(reader, layout);
  const media = boxes.find(isMedia);
  if (media && moov.offset < media.offset) return undefined;
  if (!liesInside(moov, reader.size)) throw new Refusal('truncated', 'The file ends inside its moov box.');
  if (!media) {
    const { root } = await readBoxTree(reader, moov, new Map());
    // An initialization segment; its media comes in files of their own.
    if (findBox(root, 'mvex')) return undefined;
    throw new Refusal('no-mdat', 'There is a moov box but no media for it.');
  }
  if (boxes.some(({ type }) => type === 'moof' || type === 'mfra'))
    throw new Refusal('fragmented', 'The movie is fragmented, with media in front of its moov box.');
  if (moovs.length > 1) throw new Refusal('multiple-moov', `There are ${moovs.length} moov boxes.`);
  if (layout.end === 'too-many-boxes')
    throw new Refusal('too-many-boxes', `There are more than ${boxes.length} boxes in the file.`);
  if (moov.size > LARGEST_MOOV) {
    const [size, limit] = [moov.size, LARGEST_MOOV].map((bytes) => Math.floor(bytes / 2 ** 20));
    throw new Refusal('moov-too-large', `The moov box has ${size} MiB; at most ${limit} can be moved.`);
  }
  return moov;
}

function refuseWithoutMovie(reader: BoundedReader, layout: Layout): undefined {
  const { faststartReason } = faststartOf(layout, reader.size);
  switch (faststartReason) {
    case 'media-segment':
    case 'still-image':
      return undefined;
    case 'malformed':
      throw new Refusal('malformed', `What stands at byte ${layout.endOffset} is no box.`);
    case 'too-many-boxes':
      throw new Refusal('too-many-boxes', `No moov box is among the first ${layout.boxes.length} boxes.`);
    case 'truncated':
      throw new Refusal('no-moov', 'The file ends before a moov box, without which nothing can be played.');
    default:
      throw new Refusal('no-moov', 'There is no moov box, without which nothing can be played.');
  }
}

/** Formats with offsets in boxes of their own: Canon's raw pictures (`CTBO`), JPX (`ftbl`, `flst`). */
async function refuseUnmovable(reader: BoundedReader, layout: Layout): Promise<void> {
  const hasTable = layout.boxes.some(({ type }) => type === 'ftbl' || type === 'flst');
  if (hasTable || hasBrand(await readBrands(reader, layout), ['crx ']))
    throw new Refusal('unknown-offsets', 'Files of this kind hold offsets that are not known here.');
}

/** Directly behind ftyp, which comes first, and the pdin that goes with it; at 0 in QuickTime files without. */
function placeFor(boxes: readonly BoxHeader[]): number {
  const media = boxes.findIndex(isMedia);
  const ftyp = boxes.findIndex(({ type }) => type === 'ftyp');
  if (ftyp < 0 || ftyp > media) return 0;
  const last = boxes[boxes[ftyp + 1]?.type === 'pdin' ? ftyp + 1 : ftyp]!;
  return last.offset + last.size;
}

/** The user type of a box with a C2PA manifest store (C2PA Technical Specification, embedding in BMFF). */
const C2PA = 'd8fec3d61b0e483c92975828877ec481';

async function isSigned(reader: BoundedReader, boxes: readonly BoxHeader[]): Promise<boolean> {
  for (const { type, offset, headerSize } of boxes) {
    if (type !== 'uuid') continue;
    const userType = await reader.read(offset + headerSize, 16);
    if (Buffer.from(userType).toString('hex') === C2PA) return true;
  }
  return false;
}
