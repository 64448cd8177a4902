import {
  childrenOf,
  contentsOf,
  type MediaRun,
  parseBoxes,
  type ParsedBox,
  readAuxiliary,
  readChunks,
  readItems,
} from './movie-file.js';

const OFFSET_TABLES = /^(?:stco|co64|saio|iloc)$/;
const CONTAINERS = /^(?:moov|trak|mdia|minf|stbl|udta|meta)$/;

/** A file with the parser's view of it. */
interface Side {
  readonly file: Buffer;
  readonly boxes: readonly ParsedBox[];
}

/**
 * All ways in which `after` is not the file `before` with its moov in front of the first mdat: boxes, their order and
 * bytes, the tail, every chunk, item and place of auxiliary information. Shares no code with the product.
 */
export function relocationFaults(before: Buffer, after: Buffer): string[] {
  const faults: string[] = [];
  const [old, young] = [before, after].map((file): Side => ({ file, boxes: parseBoxes(file) })) as [
    Side,
    Side,
  ];
  const order = young.boxes.map(({ type }) => type);
  if (order.indexOf('moov') > order.indexOf('mdat')) faults.push(`order ${order.join(' ')}`);
  const rest = ({ boxes }: Side) => boxes.filter(({ type }) => type !== 'moov');
  compareLists(old, young, rest(old), rest(young), 'file', faults);
  const [moov, moved] = [old, young].map(({ boxes }) => boxes.find(({ type }) => type === 'moov')!);
  compareBox(old, young, moov!, moved!, 'file', faults);
  const tail = ({ file, boxes }: Side) => file.subarray(boxes.at(-1)!.end);
  // A moov that claimed the rest of the file has no tail to keep.
  if (!tail(old).equals(tail(young))) faults.push('tail');
  compareRuns(before, after, readChunks(before), readChunks(after), 'chunk', faults);
  compareRuns(before, after, itemsOf(old), itemsOf(young), 'item', faults);
  compareRuns(before, after, readAuxiliary(before), readAuxiliary(after), 'auxiliary information', faults);
  return faults;
}

function compareLists(
  old: Side,
  young: Side,
  before: readonly ParsedBox[],
  after: readonly ParsedBox[],
  where: string,
  faults: string[],
): void {
  if (before.length !== after.length) return void faults.push(`number of boxes in ${where}`);
  before.forEach((box, index) => compareBox(old, young, box, after[index]!, where, faults));
}

function compareBox(
  old: Side,
  young: Side,
  before: ParsedBox,
  after: ParsedBox,
  where: string,
  faults: string[],
): void {
  const name = `${where}/${before.type}`;
  const widened = before.type === 'stco' && after.type === 'co64';
  if (before.type !== after.type && !widened) return void faults.push(`${name} is ${after.type}`);
  if (before.body - before.start !== after.body - after.start) faults.push(`header of ${name}`);
  if (CONTAINERS.test(before.type)) {
    const [from, to] = [contentsOf(old.file, before), contentsOf(young.file, after)];
    if (!old.file.subarray(before.body, from).equals(young.file.subarray(after.body, to)))
      faults.push(`version of ${name}`);
    const [inside, insideNow] = [
      parseBoxes(old.file, from, before.end),
      parseBoxes(young.file, to, after.end),
    ];
    compareLists(old, young, inside, insideNow, name, faults);
    const left = old.file.subarray(inside.at(-1)?.end ?? from, before.end);
    const leftNow = young.file.subarray(insideNow.at(-1)?.end ?? to, after.end);
    if (!left.equals(leftNow)) faults.push(`end of ${name}`);
  } else if (OFFSET_TABLES.test(before.type)) {
    if (!widened && before.end - before.start !== after.end - after.start) faults.push(`size of ${name}`);
    const head = ({ file }: Side, box: ParsedBox) => file.subarray(box.body, box.body + 8);
    const isChunks = before.type === 'stco' || before.type === 'co64';
    if (isChunks && !head(old, before).equals(head(young, after))) faults.push(`head of ${name}`);
  } else if (
    !old.file.subarray(before.start, before.end).equals(young.file.subarray(after.start, after.end))
  ) {
    faults.push(`bytes of ${name}`);
  }
}

function itemsOf({ file, boxes }: Side): MediaRun[][] {
  const moov = boxes.find(({ type }) => type === 'moov')!;
  const metas = [
    ...boxes.filter(({ type }) => type === 'meta'),
    ...childrenOf(file, moov, 'meta'),
    ...childrenOf(file, moov, 'udta', 'meta'),
    ...childrenOf(file, moov, 'trak', 'meta'),
    ...childrenOf(file, moov, 'trak', 'udta', 'meta'),
  ].sort((a, b) => (boxes.includes(a) ? 0 : 1) - (boxes.includes(b) ? 0 : 1));
  return metas.flatMap((meta) => childrenOf(file, meta, 'iloc')).flatMap((iloc) => readItems(file, iloc));
}

function compareRuns(
  before: Buffer,
  after: Buffer,
  runs: readonly (readonly MediaRun[])[],
  moved: readonly (readonly MediaRun[])[],
  what: string,
  faults: string[],
): void {
  if (runs.length !== moved.length) return void faults.push(`lists of ${what}s`);
  runs.forEach((list, index) => {
    if (list.length !== moved[index]!.length) return void faults.push(`number of ${what}s`);
    list.forEach(({ offset, size, external }, number) => {
      const now = moved[index]![number]!;
      const name = `${what} ${index}.${number} from ${offset} to ${now.offset}`;
      if (now.size !== size) faults.push(`size of ${name}`);
      else if (external) {
        if (now.offset !== offset) faults.push(`external ${name}`);
      } else if (offset >= before.length !== now.offset >= after.length)
        faults.push(`end of file before ${name}`);
      else if (!before.subarray(offset, offset + size).equals(after.subarray(now.offset, now.offset + size)))
        faults.push(`bytes of ${name}`);
    });
  });
}
