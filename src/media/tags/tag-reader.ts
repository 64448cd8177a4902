import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ByteSource } from '../../core/bytes/index.js';
import { isDrawable, pictureType } from '../../core/picture/index.js';
import type { CoverTag, MainMessage, Tags, WorkerMessage } from './tags.js';

/**
 * Milliseconds for one file, and that it may wait for others before; bytes it may read; milliseconds an idle worker stays,
 * since starting one takes 100.
 */
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

/** The same of the cover alone. */
export type CoverResult = { readonly cover: Uint8Array | null } | 'unread' | 'busy';

type Read = { readonly tags: Tags | null; readonly cover: Uint8Array | null } | 'unread' | 'busy';

/** What it takes to tell a picture by its bytes. */
const SIGNATURE = 32;

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
  async read(source: TagSource, mediaType: string): Promise<TagResult> {
    const result = await this.#inTurn(source, { mediaType, mostOfCover: SIGNATURE });
    if (typeof result === 'string') return result;
    const { tags, cover } = result;
    return { tags: tags?.cover && cover ? { ...tags, cover: judged(tags.cover, cover) } : tags };
  }

  /** The bytes of the picture that players show, fewer than a file may cost. @throws what the source throws */
  async readCover(source: TagSource, mediaType: string): Promise<CoverResult> {
    return this.#inTurn(source, { mediaType, mostOfCover: this.limits.bytes });
  }

  #inTurn(source: TagSource, question: Question): Promise<Read> {
    const waited = AbortSignal.timeout(this.limits.patience);
    const result = this.#last.then(() => (waited.aborted ? 'busy' : this.#readNow(source, question)));
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

  async #readNow(source: TagSource, question: Question): Promise<Read> {
    // From now on: a file that has waited for others is not to be taken for one that costs too much.
    const deadline = AbortSignal.timeout(this.limits.patience);
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    try {
      const result = await converse(worker, source, question, this.limits.bytes, deadline);
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

type TagSource = Pick<ByteSource, 'size' | 'read'>;
type Question = Pick<Extract<MainMessage, { kind: 'file' }>, 'mediaType' | 'mostOfCover'>;

/** Tags often call a picture what it is not. */
function judged(cover: CoverTag, head: Uint8Array): CoverTag {
  const known = pictureType(head);
  return { ...cover, mediaType: known ?? (isDrawable(cover.mediaType) ? UNKNOWN : cover.mediaType) };
}

const UNKNOWN = 'application/octet-stream';

/** Gives the worker one file and answers its reads until it is done, dies, or has had enough time or bytes. */
function converse(
  worker: Worker,
  source: TagSource,
  question: Question,
  budget: number,
  deadline: AbortSignal,
): Promise<Read> {
  const tell = (message: MainMessage) => worker.postMessage(message);
  let left = budget;
  let stopListening: () => void;
  const outcome = new Promise<Read>((resolve, reject) => {
    const giveUp = () => resolve('unread');
    const hear = (message: WorkerMessage) => {
      if (message.kind === 'done') return resolve(message);
      left -= message.length;
      if (left < 0) return giveUp();
      source.read(message.offset, message.length).then((bytes) => tell({ kind: 'bytes', bytes }), reject);
    };
    worker.on('message', hear).on('error', giveUp).on('exit', giveUp);
    deadline.addEventListener('abort', giveUp);
    stopListening = () => worker.off('message', hear).off('error', giveUp).off('exit', giveUp);
  });
  worker.ref();
  tell({ kind: 'file', size: source.size, ...question });
  return outcome.finally(() => stopListening());
}
