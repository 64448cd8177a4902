import { statfs } from 'node:fs/promises';

/**
 * File systems whose `stat` of an open file asks nothing but the kernel's memory, by the `f_type` of statfs(2). A file
 * system of the network may keep whoever asks waiting for ever, and so may FUSE; overlayfs may lie over either.
 */
const LOCAL = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // btrfs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0x01021994, // tmpfs
  0x4d44, // FAT
  0x2011bab0, // exFAT
  0x7366746e, // NTFS
]);

/** Learns which devices hold a local file system. */
export class LocalFileSystems {
  readonly #known = new Map<bigint, boolean>();

  /** Whether the device is known to be local by now. */
  has(device: bigint): boolean {
    return this.#known.get(device) === true;
  }

  /** Finds out about the device that this path is on, without waiting for it. */
  learn(device: bigint, path: string): void {
    if (this.#known.has(device)) return;
    this.#known.set(device, false);
    statfs(path).then(
      ({ type }) => this.#known.set(device, LOCAL.has(type)),
      () => this.#known.delete(device),
    );
  }
}
