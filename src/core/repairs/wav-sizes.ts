import { type ByteSource, type Extent, SegmentMap } from '../bytes/index.js';
import { BoundedReader } from '../isobmff/index.js';
import { isPcm, measureWave, readWave, type Wave } from '../riff/index.js';
import { impossible, NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';

/** What 32 bits hold; the highest number itself means "see elsewhere". */
const LARGEST = 0xffff_fffe;

/**
 * A WAVE file whose sizes were never filled in, as of a recorder that lost its power or a program that wrote into a
 * pipe, or that was cut off: its header says 0, or the highest number there is, or more than the file holds. The sizes
 * become those of the file, and the number of samples in `fact` with them; a last block that is not whole is left out.
 */
export const wavSizes: Repair = { name: 'wav-sizes', version: 1, plan };

async function plan(source: ByteSource, signal?: AbortSignal): Promise<RepairPlan> {
  const reader = new BoundedReader(source);
  const wave = await readWave(reader);
  signal?.throwIfAborted();
  if (!wave) return NOT_NEEDED;
  const { isUnfinished, dataSize } = await measureWave(reader, wave);
  if (!isUnfinished) return NOT_NEEDED;
  if (wave.form !== 'RIFF')
    return impossible('64-bit-sizes', `Its sizes are wrong; of ${wave.form} files they are not repaired.`);
  const isOpen = dataSize !== wave.data.size;
  const end = isOpen ? wave.data.offset + dataSize : source.size;
  const padding = isOpen ? dataSize % 2 : 0;
  if (end + padding - 8 > LARGEST)
    return impossible('too-large', 'It is larger than 4 GiB, which its header has no room for.');

  const patches = new Map([
    [4, end + padding - 8],
    [wave.data.offset - 4, dataSize],
    ...(wave.fact !== undefined && isOpen && isPcm(wave.format)
      ? ([[wave.fact, dataSize / wave.format.blockAlign]] as const)
      : []),
  ]);
  const segments = [...patched(patches, end), new Uint8Array(padding)];
  return { kind: 'repaired', map: new SegmentMap(source, segments), changes: [changeOf(wave, dataSize)] };
}

/** The bytes up to `end`, with other numbers of 32 bits at some places. */
function patched(patches: ReadonlyMap<number, number>, end: number): (Uint8Array | Extent)[] {
  const segments: (Uint8Array | Extent)[] = [];
  let done = 0;
  for (const [at, value] of [...patches].sort(([one], [other]) => one - other)) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    segments.push({ offset: done, length: at - done }, bytes);
    done = at + 4;
  }
  return [...segments, { offset: done, length: end - done }];
}

function changeOf({ data }: Wave, dataSize: number): string {
  return data.size === dataSize
    ? 'The size of the whole, which was wrong, is that of the file.'
    : `The sizes, which said ${data.size} bytes of sound, say the ${dataSize} there are.`;
}
