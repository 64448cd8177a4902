import { inspectionOf } from '../../api/inspections.ts';
import type { FileEntry, Inspection } from '../../api/types.ts';
import type { FolderView } from '../browse/folder.svelte.ts';
import { AudioPair } from './audio-pair.ts';
import { MediaKeys } from './media-keys.ts';
import { keyOf, positionOf, rememberPosition } from './positions.ts';
import { Queue } from './queue.svelte.ts';
import { muted, volume } from './settings.svelte.ts';
import { leaveTheStage, takeTheStage } from './sounding.ts';

/** The player of sound, which goes on whatever screen is shown. There is one. */
class AudioPlayer {
  queue = $state.raw<Queue | undefined>();
  entry = $state.raw<FileEntry | undefined>();
  /** Of what is played, once it is here. */
  report = $state.raw<Inspection | undefined>();
  paused = $state(true);
  /** Seconds. */
  time = $state(0);
  /** Seconds; 0 until it is known. */
  duration = $state(0);
  /** Seconds up to which it has arrived. */
  buffered = $state(0);
  /** Set when it cannot be played. */
  failed = $state(false);
  /** The second it went on from, as somebody stopped there; undefined when it began at the beginning. */
  resumed = $state<number | undefined>();
  #pair: AudioPair | undefined;
  #keys: MediaKeys | undefined;
  readonly #pause = () => this.pause();

  /** Plays a file of a folder, and what follows there. What is playing already plays on. */
  open(entry: FileEntry, view: FolderView, at?: number): void {
    if (!this.queue?.holds(entry, view)) {
      this.queue?.close();
      this.queue = new Queue(entry, view);
    }
    if (this.entry?.path !== entry.path || this.entry.etag !== entry.etag) this.#begin(entry, at);
    else if (at !== undefined) this.seek(at);
  }

  toggle(): void {
    if (this.paused) this.play();
    else this.pause();
  }

  play(): void {
    if (!this.#pair || !this.entry) return;
    if (this.failed) this.retry();
    else void this.#pair.play();
  }

  pause(): void {
    this.#pair?.current.pause();
  }

  /** @param seconds from the beginning; what lies outside is the nearest end */
  seek(seconds: number): void {
    const media = this.#pair?.current;
    if (!media) return;
    const end = Number.isFinite(media.duration) ? media.duration : seconds;
    media.currentTime = Math.max(0, Math.min(seconds, end));
    this.time = media.currentTime;
  }

  /** What comes next, or before; before is the beginning, where it has been playing for a while. */
  skip(step: 1 | -1): void {
    if (!this.queue || !this.entry) return;
    if (step < 0 && this.time > 3) {
      this.seek(0);
      return;
    }
    const next = this.queue.beside(this.entry.path, step, true);
    if (next) this.#begin(next);
    else if (step < 0) this.seek(0);
  }

  /** Whether there is something before (-1) or behind (1). */
  has(step: 1 | -1): boolean {
    return !!this.queue && !!this.entry && this.queue.beside(this.entry.path, step, true) !== undefined;
  }

  /** Plays another one of the queue. */
  choose(entry: FileEntry): void {
    if (entry.path === this.entry?.path) this.toggle();
    else this.#begin(entry);
  }

  retry(): void {
    if (this.entry) this.#begin(this.entry, this.time > 0 ? this.time : undefined);
  }

  beginAnew(): void {
    this.resumed = undefined;
    this.seek(0);
  }

  setVolume(value: number): void {
    volume.value = Math.max(0, Math.min(1, value));
    if (volume.value > 0) muted.value = false;
    this.#pair?.applyVolume(volume.value, muted.value);
  }

  toggleMuted(): void {
    muted.value = !muted.value;
    this.#pair?.applyVolume(volume.value, muted.value);
  }

  /** Stops, and lets go of everything. */
  stop(): void {
    this.#remember();
    this.#pair?.close();
    this.#keys?.close();
    this.queue?.close();
    leaveTheStage(this.#pause);
    this.#pair = this.#keys = undefined;
    this.queue = this.entry = this.report = undefined;
    this.#reset();
  }

  #begin(entry: FileEntry, at?: number): void {
    this.#remember();
    this.#pair ??= this.#makePair();
    this.#keys ??= new MediaKeys(this);
    const resumed = at === undefined ? positionOf(keyOf(entry)) : undefined;
    this.#pair.begin(entry.links.stream ?? entry.links.file, at ?? resumed ?? 0);
    this.#shown(entry);
    this.resumed = resumed;
    void this.#pair.play();
  }

  #makePair(): AudioPair {
    const pair = new AudioPair({
      onstate: () => this.#sync(),
      onended: () => this.#ended(),
      onerror: () => {
        this.failed = true;
      },
      onplay: () => takeTheStage(this.#pause),
      next: () => this.#following()?.links.stream,
    });
    pair.applyVolume(volume.value, muted.value);
    return pair;
  }

  #following(): FileEntry | undefined {
    return this.entry && this.queue?.beside(this.entry.path, 1, false);
  }

  #ended(): void {
    if (!this.entry || !this.#pair) return;
    rememberPosition(keyOf(this.entry), this.duration, this.duration);
    const next = this.#following();
    if (!next) return;
    this.#pair.advance(next.links.stream ?? next.links.file);
    this.#shown(next);
  }

  /** Everything but the sound itself follows. */
  #shown(entry: FileEntry): void {
    this.#reset();
    this.entry = entry;
    this.report = undefined;
    this.#keys?.show(entry, undefined);
    inspectionOf(entry).then(
      (report) => {
        if (this.entry !== entry) return;
        this.report = report;
        this.#keys?.show(entry, report);
      },
      // What is not media, or cannot be read: it has a name to show.
      () => undefined,
    );
  }

  #sync(): void {
    const media = this.#pair?.current;
    if (!media) return;
    this.paused = media.paused;
    this.time = media.currentTime;
    this.duration = Number.isFinite(media.duration) ? media.duration : 0;
    this.buffered = bufferedEnd(media);
    if (media.currentTime > 0 && !media.error) this.failed = false;
    if (media.paused) this.#remember();
    this.#keys?.sync();
  }

  #remember(): void {
    if (this.entry && this.duration > 0) rememberPosition(keyOf(this.entry), this.time, this.duration);
  }

  #reset(): void {
    this.paused = true;
    this.failed = false;
    this.resumed = undefined;
    this.time = this.duration = this.buffered = 0;
  }
}

/** How far what is being played has arrived, without a hole. Seconds. */
function bufferedEnd({ buffered, currentTime }: HTMLMediaElement): number {
  for (let index = 0; index < buffered.length; index++)
    if (buffered.start(index) <= currentTime + 0.5 && buffered.end(index) >= currentTime)
      return buffered.end(index);
  return 0;
}

export const player = new AudioPlayer();
