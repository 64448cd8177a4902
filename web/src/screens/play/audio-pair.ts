import { unload } from './sounding.ts';

interface Listener {
  /** Something about the current element changed. */
  readonly onstate: () => void;
  readonly onended: () => void;
  readonly onerror: () => void;
  readonly onplay: () => void;
  /** The URL of what comes next, if that is known. */
  readonly next: () => string | undefined;
}

/** Seconds before the end at which the next one is fetched, at the latest. */
const AHEAD = 20;
const STATE = [
  'play',
  'pause',
  'playing',
  'timeupdate',
  'durationchange',
  'progress',
  'seeked',
  'ratechange',
];

/**
 * Two elements: while one plays, the other has the next file ready, so that it starts at once when the one ends. They are
 * in the document, hidden, as Safari pauses what is not.
 */
export class AudioPair {
  #current = newAudio();
  #spare = newAudio();
  readonly #listener: Listener;
  readonly #gone = new AbortController();

  constructor(listener: Listener) {
    this.#listener = listener;
    for (const media of [this.#current, this.#spare]) {
      const on = (type: string, run: () => void) =>
        media.addEventListener(type, () => media === this.#current && run(), { signal: this.#gone.signal });
      for (const type of STATE) on(type, () => this.#changed());
      on('play', listener.onplay);
      on('ended', listener.onended);
      on('error', () => media.hasAttribute('src') && listener.onerror());
    }
  }

  /** The one that is heard. */
  get current(): HTMLAudioElement {
    return this.#current;
  }

  /** Loads a file. @param at seconds from its beginning */
  begin(url: string, at: number): void {
    this.#take(url);
    if (sourceOf(this.#spare) !== undefined) unload(this.#spare);
    if (at > 0 || this.#current.currentTime > 0) startAt(this.#current, at);
  }

  /** The one has ended: goes on with this at once. */
  advance(url: string): void {
    if (sourceOf(this.#current) === url) this.#current.currentTime = 0;
    else this.#take(url);
    void this.play();
  }

  /** Refused without a gesture (NotAllowedError): it stays paused, and somebody may press play. */
  async play(): Promise<void> {
    const media = this.#current;
    try {
      await media.play();
    } catch (error) {
      // iOS lets only such elements play by themselves as somebody has pressed play for: the other one has that.
      const url = sourceOf(media);
      const wasHeard = this.#spare.played.length > 0 || this.#spare.ended;
      if (isRefusal(error) && wasHeard && url && media === this.#current) {
        this.#swap();
        load(this.#current, url, 'auto');
        await this.#current.play().catch(() => undefined);
      }
    }
    this.#listener.onstate();
  }

  applyVolume(volume: number, muted: boolean): void {
    for (const media of [this.#current, this.#spare]) {
      media.volume = volume;
      media.muted = muted;
    }
  }

  close(): void {
    this.#gone.abort();
    for (const media of [this.#current, this.#spare]) {
      unload(media);
      media.remove();
    }
  }

  #changed(): void {
    this.#listener.onstate();
    const { currentTime, duration, buffered } = this.#current;
    if (!Number.isFinite(duration) || duration === 0) return;
    const isHere = buffered.length > 0 && buffered.end(buffered.length - 1) >= duration - 0.5;
    if (!isHere && duration - currentTime > AHEAD) return;
    const next = this.#listener.next();
    if (next === undefined || next === sourceOf(this.#current)) {
      if (sourceOf(this.#spare) !== undefined) unload(this.#spare);
    } else if (sourceOf(this.#spare) !== next) load(this.#spare, next, 'auto');
  }

  /** What failed while nobody heard it is loaded again, so that its error is told where it comes again. */
  #take(url: string): void {
    if (sourceOf(this.#spare) === url && !this.#spare.error) this.#swap();
    else load(this.#current, url, 'auto');
  }

  #swap(): void {
    const before = this.#current;
    this.#current = this.#spare;
    this.#spare = before;
    before.pause();
  }
}

function newAudio(): HTMLAudioElement {
  const media = document.createElement('audio');
  media.hidden = true;
  document.body.append(media);
  return media;
}

function load(media: HTMLMediaElement, url: string, preload: 'auto' | 'metadata'): void {
  media.preload = preload;
  media.src = url;
  media.load();
}

/** The URL as it was given. */
function sourceOf(media: HTMLMediaElement): string | undefined {
  return media.getAttribute('src') ?? undefined;
}

function startAt(media: HTMLMediaElement, seconds: number): void {
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) {
    media.currentTime = seconds;
    return;
  }
  const url = sourceOf(media);
  const start = () => {
    if (sourceOf(media) === url) media.currentTime = seconds;
  };
  media.addEventListener('loadedmetadata', start, { once: true });
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
