import { constants, fstatSync, readlinkSync, type BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { Descriptor } from './descriptor.js';

/** NONBLOCK: should a FIFO slip in between looking and opening, it must not hang. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface Opened {
  readonly descriptor: Descriptor;
  /** Of what was opened. */
  readonly stats: BigIntStats;
  /** The path of what was opened, all links resolved: the caller decides by it whether that may be read. */
  readonly actual: string;
  /** Where it is by now, asked of the kernel's memory; undefined on systems that do not tell. */
  readonly whereabouts?: () => string | undefined;
}

/**
 * Opens an ordinary file or a folder, following links, and tells what was really opened, so that nothing can be swapped
 * between the check and the opening. FIFOs, sockets and devices are not opened. The caller closes the descriptor.
 * Undefined when it is neither file nor folder, or was swapped in between.
 * @throws what `node:fs` throws
 */
export async function openVerified(path: string): Promise<Opened | undefined> {
  const seen = await stat(path);
  if (!seen.isFile() && !seen.isDirectory()) return undefined;
  const descriptor = await Descriptor.open(path, FLAGS);
  try {
    // On a descriptor that was opened a moment ago this asks the kernel's memory, not the disk.
    const stats = fstatSync(descriptor.fd, { bigint: true });
    if (stats.isFile() || stats.isDirectory()) {
      const whereabouts = () => pathOf(descriptor);
      const actual = whereabouts();
      if (actual !== undefined) return { descriptor, stats, actual, whereabouts };
      const resolved = await resolvedPath(path, stats);
      if (resolved !== undefined) return { descriptor, stats, actual: resolved };
    }
  } catch (error) {
    await descriptor.close();
    throw error;
  }
  await descriptor.close();
  return undefined;
}

/** Asked of the descriptor, so there is nothing left to race with. Only Linux tells, and only where there is /proc. */
function pathOf({ fd }: Descriptor): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

async function resolvedPath(path: string, stats: BigIntStats): Promise<string | undefined> {
  const actual = await realpath(path);
  const again = await stat(actual, { bigint: true });
  return again.dev === stats.dev && again.ino === stats.ino ? actual : undefined;
}
