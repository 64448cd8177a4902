import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { temporaryName } from '../storage/drivers/local-disk/temporary-name.js';

/** A new file that becomes another by taking its name, or nothing at all. Whoever creates it ends it by one of both. */
export class TemporaryFile {
  #isOpen = true;

  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
  ) {}

  /** Creates one in this folder that nobody else may read. @throws what `open` of `node:fs` throws */
  static async create(folder: string): Promise<TemporaryFile> {
    const file = path.join(folder, temporaryName('optimize'));
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
