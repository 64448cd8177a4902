import { spawnSync } from 'node:child_process';

/** Why no file system can be mounted here; undefined when one can. */
export function whyNoMount(folder: string): string | undefined {
  const { status, stderr, error } = mount(folder, '64k');
  if (status === 0) {
    unmount(folder);
    return undefined;
  }
  return `no tmpfs can be mounted here: ${error?.message ?? stderr.toString().trim()}`;
}

/** Mounts an empty file system of this size, `1m` say, on a folder. */
export function mount(folder: string, size: string) {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
}

/** Also while something in it is still open, as a file may be for a moment after its last use. */
export function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}
