import type { ApiProblem } from '../../../api/problem.ts';
import { t } from '../../../i18n/language.svelte.ts';
import { formatNumber } from '../../../lib/format.svelte.ts';
import { joinPath } from '../../../lib/paths.ts';
import { refreshSession, session } from '../../../session/session.svelte.ts';
import { dock } from '../../../ui/layers.svelte.ts';
import { toast } from '../../../ui/toasts.svelte.ts';
import { type Batch, batchFor, findSaved, saveBatch, takeOver } from './batches.ts';
import { canRetry, giveUp, isOver, type Item, itemOf, waitAgain } from './item.ts';
import { nameProblem } from './names.ts';
import { Questions } from './questions.ts';
import { isUnfinished, Queue, shareOf, type Totals } from './queue.ts';
import { SavedBatches, type SavedBatch } from './saved.ts';
import { sayOver } from './say-over.ts';
import { terminate } from './send.ts';
import { Sending } from './sending.ts';
import { makeFolders, stillThere } from './server.ts';
import { SpeedMeter } from './speed.ts';
import { titleWith } from './title.ts';
import UploadPanel from './UploadPanel.svelte';
import type { Found } from './walk.ts';

/** Milliseconds between two looks at how far it is. */
const TICK = 500;
/** Ticks between two times that it is remembered, and that it is said aloud. */
const SAVE_EVERY = 3;
const SAY_EVERY = 60;

/** Everything that is uploaded by this page. */
export class Uploads {
  /** Batches that an earlier page has not finished. */
  interrupted = $state.raw<readonly SavedBatch[]>([]);
  isPaused = $state(false);
  /** Why everything was paused, when nobody asked for it. */
  halted = $state.raw<ApiProblem | undefined>();
  isExpanded = $state(false);
  /** For who cannot see it: said now and then. */
  said = $state('');
  /** How many have been found so far; undefined when nothing is being looked through. */
  reading = $state<number | undefined>();
  speed = $state<number | undefined>();
  #version = $state(0);

  readonly #queue = new Queue();
  readonly #sending = new Sending(this.#queue, {
    onchange: () => this.#look(),
    onconflict: (item) => void this.#questions.askRefused(item),
    onhalt: (failure) => {
      this.halted = failure;
      this.pauseAll();
    },
  });
  readonly #questions = new Questions(this.#queue, () => this.#look());
  /** By their fingerprints. */
  readonly #known = new Map<string, Item>();
  readonly #batches = new Map<string, Batch>();
  readonly #meter = new SpeedMeter();
  readonly #saved = new SavedBatches(() => localStorage);
  #ticks = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  #undock: (() => void) | undefined;
  #readers = 0;

  /** Reactive, as is what else is told of files. */
  get totals(): Totals {
    void this.#version;
    return this.#queue.totals();
  }

  get items(): readonly Item[] {
    void this.#version;
    return this.#queue.ordered();
  }

  /** Offers to go on with what an earlier page has left. */
  async restore(): Promise<void> {
    if (!session()) await refreshSession().catch(() => undefined);
    const user = session()?.name ?? null;
    const batches = this.#saved.interrupted(user, Date.now());
    if (batches.length === 0) return;
    this.interrupted = user === null ? batches : await stillThere(batches);
    this.#open();
  }

  /** Uploads what somebody has chosen into a folder. */
  async add(folder: string, found: Iterable<Found> | AsyncIterable<Found>): Promise<void> {
    const batch = batchFor(folder, session()?.name ?? null);
    this.#batches.set(batch.id, batch);
    this.#open();
    this.#begin();
    this.#readers++;
    this.reading ??= 0;
    let rested = performance.now();
    try {
      for await (const one of found) {
        await this.#take(batch, one);
        if (batch.isOver) break;
        this.reading++;
        // Reading thousands of names must not keep the page from answering.
        if (performance.now() - rested < 12) continue;
        await new Promise((resolve) => setTimeout(resolve));
        rested = performance.now();
      }
    } finally {
      if (--this.#readers === 0) this.reading = undefined;
      this.interrupted = takeOver(this.#saved, this.interrupted, batch.takenOver);
      this.#save(batch);
    }
    for (const path of await makeFolders(batch.folders))
      toast(t().uploads.noFolder(path), { kind: 'problem' });
    const { count, files } = this.#queue.totals();
    this.said = t().uploads.running(count.done, files);
    this.#look();
  }

  pauseAll(): void {
    this.isPaused = true;
    this.#meter.reset();
    this.#sending.stopAll();
    this.#queue.rewind();
    this.#look();
  }

  resumeAll(): void {
    this.isPaused = false;
    this.halted = undefined;
    for (const item of this.#queue.items) if (item.state === 'paused') item.state = 'waiting';
    this.#queue.rewind();
    this.#look();
  }

  pause(item: Item): void {
    item.state = 'paused';
    void this.#sending.stop(item);
    this.#look();
  }

  resume(item: Item): void {
    waitAgain(item);
    this.#queue.rewind();
    this.#begin();
    // Whoever goes on with one wants something to go on.
    if (this.isPaused) this.resumeAll();
    this.#look();
  }

  retryAll(): void {
    this.#queue.items.filter(canRetry).forEach(waitAgain);
    this.#queue.rewind();
    this.#begin();
    this.#look();
  }

  /** Takes everything out of it, what has not even been found too. */
  async cancelAll(): Promise<void> {
    for (const batch of this.#batches.values()) batch.isOver = true;
    await this.cancel(this.#queue.items.filter(({ state }) => state !== 'done'));
  }

  /** Takes files out of it, and ends what the server has of them. */
  async cancel(items: readonly Item[]): Promise<void> {
    const gone = new Set(items);
    this.#queue.remove((item) => gone.has(item));
    const stopped = [...gone].map((item) => {
      const wasDone = item.state === 'done';
      item.state = 'skipped';
      this.#known.delete(item.fingerprint);
      return { item, wasDone, stopping: this.#sending.stop(item) };
    });
    this.#look();
    for (const batch of this.#batches.values()) this.#save(batch);
    for (const { item, wasDone, stopping } of stopped) {
      await stopping;
      if (item.url && !wasDone) await terminate(item.url);
    }
  }

  /** Forgets what is over, and ends what the server has of what failed. */
  async close(): Promise<void> {
    await this.cancel(this.#queue.items.filter(({ state }) => state !== 'running'));
    this.#batches.clear();
    this.isExpanded = false;
    this.#shut();
  }

  async discard(batch: SavedBatch): Promise<void> {
    this.interrupted = this.interrupted.filter((other) => other !== batch);
    this.#saved.remove(batch.id);
    this.#shut();
    for (const { url, expires, done } of Object.values(batch.files))
      if (url && !done && (expires ?? Infinity) > Date.now()) await terminate(url);
  }

  async #take(batch: Batch, one: Found): Promise<void> {
    const path = joinPath(batch.folder, one.path);
    if (one.kind === 'folder') {
      if (!(await batch.names.at(path))) batch.folders.push(path);
      return;
    }
    const file = one.kind === 'file' ? one.file : undefined;
    const item = itemOf(batch.id, path, file);
    const twin = this.#known.get(item.fingerprint);
    if (twin && !isOver(twin)) return;
    // Chosen again, it may be readable again.
    if (twin?.state === 'failed') this.#queue.remove((other) => other === twin);
    const wrong = file ? nameProblem(one.path) : 'unreadable';
    if (wrong) giveUp(item, wrong);
    else await this.#place(batch, item);
    if (batch.isOver) return;
    this.#known.set(item.fingerprint, item);
    this.#queue.add(item);
    this.#pump();
  }

  /** Finds out whether it has been begun or is there already, and whether its name is taken. */
  async #place(batch: Batch, item: Item): Promise<void> {
    const before = findSaved(this.interrupted, item.fingerprint);
    if (before) batch.takenOver.add(item.fingerprint);
    if (before?.url) {
      item.url = before.url;
      item.expires = before.expires;
      item.sent = before.sent ?? 0;
    }
    // Its name was seen to when it was begun.
    const standing = item.url ? undefined : await batch.names.at(item.path);
    if (before?.done && standing?.size === item.size) item.state = 'done';
    else if (standing) this.#questions.ask(item, standing);
  }

  #pump(): void {
    if (!this.isPaused) this.#sending.pump();
  }

  /** Goes on with what waits, and sees whether everything is over. */
  #look(): void {
    this.#pump();
    this.#version++;
    if (this.#clock && this.#readers === 0 && !isUnfinished(this.#queue.totals())) this.#finish();
  }

  #begin(): void {
    if (this.#clock) return;
    this.#ticks = 0;
    this.#clock = setInterval(() => this.#tick(), TICK);
    addEventListener('beforeunload', warn);
    addEventListener('pagehide', this.#leave);
    addEventListener('online', this.#sending.hurry);
  }

  #tick(): void {
    this.#version++;
    this.#ticks++;
    const totals = this.#queue.totals();
    if (!this.isPaused && totals.count.running > 0)
      this.#meter.add(this.#sending.moved, performance.now() / 1000);
    this.speed = this.isPaused || totals.isHeldUp ? undefined : this.#meter.speed;
    const share = shareOf(totals);
    document.title = titleWith(document.title, share);
    if (this.#ticks % SAVE_EVERY === 1) for (const batch of this.#batches.values()) this.#save(batch);
    if (this.#ticks % SAY_EVERY === 0 && !this.isPaused)
      this.said = t().uploads.announced(formatNumber(Math.floor(share * 100) / 100, { style: 'percent' }));
  }

  #finish(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
    removeEventListener('beforeunload', warn);
    removeEventListener('pagehide', this.#leave);
    removeEventListener('online', this.#sending.hurry);
    this.#meter.reset();
    this.speed = undefined;
    this.isPaused = false;
    this.halted = undefined;
    this.said = '';
    document.title = titleWith(document.title, undefined);
    for (const batch of this.#batches.values()) this.#save(batch);
    const totals = this.#queue.totals();
    const folder = [...this.#batches.values()].at(-1)?.folder ?? '';
    sayOver(totals, folder, () => (this.isExpanded = true));
    if (totals.count.failed === 0 && !this.isExpanded) void this.close();
  }

  #save(batch: Batch): void {
    saveBatch(this.#saved, batch, this.#queue.items, Date.now());
  }

  #open(): void {
    this.#undock ??= dock(UploadPanel, { uploads: this });
    this.#version++;
  }

  #shut(): void {
    if (this.#queue.items.length > 0 || this.interrupted.length > 0 || this.#readers > 0) return;
    this.#undock?.();
    this.#undock = undefined;
  }

  /** The next page may take it over at once. */
  readonly #leave = () => {
    for (const batch of this.#batches.values()) saveBatch(this.#saved, batch, this.#queue.items, 0);
  };
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** The uploads of this page. */
export const uploads = new Uploads();
