import { readdir, readFile, stat, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { removeAbandoned, writeStateFile } from '../storage/write-state-file.js';
import type { KeptThumbnails } from './kept-thumbnails.js';

const FILE = /^([0-9a-f]{32})\.webp$/;
/** What a file takes on disk is a multiple of this, in bytes. */
const BLOCK = 4096;
/** Files looked at together. */
const AT_ONCE = 32;
/** After how many milliseconds a use is written down, as the time of the file. */
const WORTH_NOTING = 3_600_000;

interface Kept {
  /** In bytes on disk. */
  readonly weight: number;
  /** Milliseconds since the epoch: the time of the file. */
  noted: number;
}

/**
 * In a state folder, a file each. What is known of them in memory is found again after a restart. A file gets its name when it
 * is whole, and is held against the length that it begins with when it is read: half of one is never sent.
 */
export class DiskThumbnails implements KeptThumbnails {
  /** In the order of last use, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  #weight = 0;

  private constructor(
    private readonly folder: string,
    private readonly limit: number,
  ) {}

  /** @param limit in bytes. @throws what `node:fs` throws */
  static async open(folder: string, limit: number): Promise<DiskThumbnails> {
    const thumbnails = new DiskThumbnails(folder, limit);
    const names = await readdir(folder);
    await removeAbandoned(folder, names);
    const found: { id: string; size: number; time: number }[] = [];
    const ids = names.flatMap((name) => FILE.exec(name)?.[1] ?? []);
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const looks = ids.slice(start, start + AT_ONCE).map(async (id) => {
        const stats = await stat(thumbnails.#fileOf(id)).catch(() => undefined);
        if (stats?.isFile()) found.push({ id, size: stats.size, time: stats.mtimeMs });
      });
      await Promise.all(looks);
    }
    for (const { id, size, time } of found.sort((a, b) => a.time - b.time)) thumbnails.#add(id, size, time);
    await thumbnails.#shrink();
    return thumbnails;
  }

  async get(id: string): Promise<Buffer | undefined> {
    try {
      // Another server with the same folder may have made it.
      const bytes = await readFile(this.#fileOf(id));
      if (!isWhole(bytes)) {
        await this.#remove(id);
        return undefined;
      }
      const noted = this.#kept.get(id)?.noted ?? 0;
      const now = Date.now();
      this.#add(id, bytes.length, noted);
      if (now - noted > WORTH_NOTING) {
        this.#kept.get(id)!.noted = now;
        // Of a file of another account it cannot be noted.
        await utimes(this.#fileOf(id), now / 1000, now / 1000).catch(() => undefined);
      }
      return bytes;
    } catch {
      this.#forget(id);
      return undefined;
    }
  }

  async set(id: string, bytes: Buffer): Promise<void> {
    try {
      await writeStateFile(this.folder, `${id}.webp`, bytes);
      this.#add(id, bytes.length, Date.now());
      await this.#shrink();
    } catch {
      // The disk is full, or the folder gone: then nothing is kept.
    }
  }

  #fileOf(id: string): string {
    return path.join(this.folder, `${id}.webp`);
  }

  #add(id: string, size: number, noted: number): void {
    this.#forget(id);
    const weight = Math.ceil(size / BLOCK) * BLOCK;
    this.#kept.set(id, { weight, noted });
    this.#weight += weight;
  }

  #forget(id: string): void {
    this.#weight -= this.#kept.get(id)?.weight ?? 0;
    this.#kept.delete(id);
  }

  async #shrink(): Promise<void> {
    for (const id of this.#kept.keys()) {
      if (this.#weight <= this.limit) return;
      await this.#remove(id);
    }
  }

  async #remove(id: string): Promise<void> {
    this.#forget(id);
    await unlink(this.#fileOf(id)).catch(() => undefined);
  }
}

/** A RIFF file says in its first chunk how long it is (RFC 9649 §2.4). */
function isWhole(bytes: Buffer): boolean {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF') return false;
  return bytes.toString('latin1', 8, 12) === 'WEBP' && bytes.readUInt32LE(4) + 8 === bytes.length;
}
