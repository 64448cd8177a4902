import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { THIS_WRITER, type Writer } from './writer.js';

/** No media file is called that by chance. The leading dot keeps it from being listed and served. */
const NAME = /^\.playhead-optimize-([0-9a-f]{8})-(\d{1,10})-(\d{1,20})-([0-9a-f]{8})-\d{1,9}\.tmp$/;

let count = 0;

/** Who wrote the temporary file of this name; undefined for the name of any other file. */
export function writerOf(name: string): Writer | undefined {
  const [, host, pid, start, run] = NAME.exec(name) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid), start: start!, run: run! };
}

/** A new file that becomes another by taking its name, or nothing at all. Whoever creates it ends it by one of both. */
export class TemporaryFile {
  #isOpen = true;

  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
  ) {}

  /** Creates one in this folder that nobody else may read. @throws what `open` of `node:fs` throws */
  static async create(folder: string): Promise<TemporaryFile> {
    const { host, pid, start, run } = THIS_WRITER;
    count += 1;
    const file = path.join(folder, `.playhead-optimize-${host}-${pid}-${start}-${run}-${count}.tmp`);
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    return new TemporaryFile(file, await open(file, O_CREAT | O_EXCL | O_WRONLY, 0o600));
  }

  /** Closing twice is harmless. @throws what closing throws: some file systems tell only then what went wrong */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.handle.close();
  }

  /** Leaves nothing behind; never rejects, since it runs where something has failed already. */
  async remove(): Promise<void> {
    await this.close().catch(() => undefined);
    await unlink(this.path).catch(() => undefined);
  }
}
