import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ByteSource } from '../../core/bytes/index.js';
import type { MainMessage, Tags, WorkerMessage } from './tags.js';

/** Milliseconds for one file; bytes it may read; milliseconds an idle worker stays, since starting one takes 100. */
export interface TagLimits {
  readonly patience: number;
  readonly bytes: number;
  readonly idle: number;
}

const LIMITS: TagLimits = { patience: 5000, bytes: 8 * 2 ** 20, idle: 30_000 };
/** Built it is JavaScript, in the tests TypeScript that Node runs by leaving out the types. */
const WORKER = new URL(`./tag-worker${path.extname(import.meta.filename)}`, import.meta.url);
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };

/**
 * What became of reading tags: null is none. `unread`: the file cost too much, or broke the worker. `busy`: others took
 * all the time there was.
 */
export type TagResult = { readonly tags: Tags | null } | 'unread' | 'busy';

/**
 * Reads tags by a library, in a worker thread, one file after the other. A file that makes the library loop, eat memory
 * or read on and on costs that worker and nothing else.
 */
export class TagReader {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limits: TagLimits = LIMITS) {}

  /** @throws what the source throws */
  read(source: Pick<ByteSource, 'size' | 'read'>, mediaType: string): Promise<TagResult> {
    const deadline = AbortSignal.timeout(this.limits.patience);
    const result = this.#last.then(() => this.#readNow(source, mediaType, deadline));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** As Nest calls it. */
  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  /** Ends the worker; a later read starts another. */
  async close(): Promise<void> {
    await this.#last;
    await this.#stop();
  }

  async #readNow(
    source: Pick<ByteSource, 'size' | 'read'>,
    mediaType: string,
    deadline: AbortSignal,
  ): Promise<TagResult> {
    if (deadline.aborted) return 'busy';
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    try {
      const result = await converse(worker, source, mediaType, this.limits.bytes, deadline);
      if (result === 'unread') await this.#stop();
      return result;
    } catch (error) {
      await this.#stop();
      throw error;
    } finally {
      worker.unref();
      this.#idle = setTimeout(() => void this.#stop(), this.limits.idle).unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { resourceLimits: RESOURCES, stderr: true });
    // It may die between two files as well.
    worker
      .on('error', () => undefined)
      .on('exit', () => {
        if (this.#worker === worker) this.#worker = undefined;
      });
    return worker;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** Gives the worker one file and answers its reads until it is done, dies, or has had enough time or bytes. */
function converse(
  worker: Worker,
  source: Pick<ByteSource, 'size' | 'read'>,
  mediaType: string,
  budget: number,
  deadline: AbortSignal,
): Promise<TagResult> {
  const tell = (message: MainMessage) => worker.postMessage(message);
  let left = budget;
  let stopListening: () => void;
  const outcome = new Promise<TagResult>((resolve, reject) => {
    const giveUp = () => resolve('unread');
    const hear = (message: WorkerMessage) => {
      if (message.kind === 'done') return resolve({ tags: message.tags });
      left -= message.length;
      if (left < 0) return giveUp();
      source.read(message.offset, message.length).then((bytes) => tell({ kind: 'bytes', bytes }), reject);
    };
    worker.on('message', hear).on('error', giveUp).on('exit', giveUp);
    deadline.addEventListener('abort', giveUp);
    stopListening = () => worker.off('message', hear).off('error', giveUp).off('exit', giveUp);
  });
  worker.ref();
  tell({ kind: 'file', size: source.size, mediaType });
  return outcome.finally(() => stopListening());
}
