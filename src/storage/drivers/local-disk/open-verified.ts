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
    const actual = stats.isFile() || stats.isDirectory() ? await pathOf(descriptor, stats, path) : undefined;
    if (actual !== undefined) return { descriptor, stats, actual };
  } catch (error) {
    await descriptor.close();
    throw error;
  }
  await descriptor.close();
  return undefined;
}

async function pathOf({ fd }: Descriptor, stats: BigIntStats, path: string): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      // Asked of the descriptor, so there is nothing left to race with. The kernel marks what has no name any more.
      const name = readlinkSync(`/proc/self/fd/${fd}`);
      return stats.nlink === 0n ? name.replace(/ \(deleted\)$/, '') : name;
    } catch {
      // No /proc in this container: as on other systems.
    }
  }
  const actual = await realpath(path);
  const again = await stat(actual, { bigint: true });
  return again.dev === stats.dev && again.ino === stats.ino ? actual : undefined;
}
