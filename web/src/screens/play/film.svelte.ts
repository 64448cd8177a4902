import { t } from '../../i18n/language.svelte.ts';
import { formatNumber } from '../../lib/format.svelte.ts';
import type { Symptom } from './diagnosis.ts';
import { rateBeside, type Command } from './keys.ts';
import { keepVolume, rate } from './settings.svelte.ts';
import { leaveTheStage, takeTheStage, unload } from './sounding.ts';

/** Seconds without data after which it is told. */
const PATIENCE = 20;
/** The same where the file is damaged: some browsers wait for ever for what it lacks. */
const PATIENCE_IF_DAMAGED = 4;
/** Seconds of sound without a picture after which it is told. */
const BLIND = 1.5;
/** Most films have 24 to 30 pictures a second. */
const FRAME = 1 / 25;

/** A film being played: its element, what is known of it, and what can be done with it. */
export class Film {
  readonly media: HTMLVideoElement;
  paused = $state(true);
  ended = $state(false);
  /** Seconds. */
  time = $state(0);
  /** Seconds; 0 until it is known. */
  duration = $state(0);
  loop = $state(false);
  /** What is wrong with it, once that has shown. */
  symptom = $state<Symptom | undefined>();
  /** What the element said. */
  message = $state('');
  /** What a key has just done, for a moment. */
  said = $state('');
  /** Whether the film has a picture by its report; undefined while nobody knows. */
  hasPicture: boolean | undefined;
  /** Whether the file is damaged by its report, as far as anybody knows. */
  isDamaged = false;
  readonly #off: (() => void)[] = [];
  readonly #pause = () => this.media.pause();
  #lastData = Date.now();
  #forget: ReturnType<typeof setTimeout> | undefined;
  #blindAccepted = false;
  #isClosed = false;

  constructor(media: HTMLVideoElement) {
    this.media = media;
    this.#off.push(keepVolume(media), () => leaveTheStage(this.#pause));
    const on = (types: readonly string[], run: () => void) => {
      for (const type of types) {
        media.addEventListener(type, run);
        this.#off.push(() => media.removeEventListener(type, run));
      }
    };
    on(['play', 'pause', 'playing', 'timeupdate', 'durationchange', 'seeked', 'ended'], () => this.#sync());
    on(['progress', 'loadeddata', 'playing', 'timeupdate', 'loadstart', 'play'], () => {
      this.#lastData = Date.now();
      if (this.symptom === 'stalled') this.symptom = undefined;
    });
    on(['play'], () => takeTheStage(this.#pause));
    on(['error'], () => {
      if (!media.hasAttribute('src')) return;
      this.message = media.error?.message ?? '';
      this.symptom = 'error';
    });
    const watch = setInterval(() => this.#watch(), 1000);
    this.#off.push(() => clearInterval(watch));
  }

  /**
   * Begins, unless it has been closed: who waited for a report may come late. Refused without a gesture, it waits for
   * somebody to press play. @param at seconds
   */
  start(url: string, at: number): void {
    if (this.#isClosed) return;
    this.symptom = undefined;
    this.message = '';
    this.#lastData = Date.now();
    const { media } = this;
    media.src = url;
    media.load();
    media.defaultPlaybackRate = media.playbackRate = rate.value;
    media.loop = this.loop;
    if (at > 0)
      media.addEventListener(
        'loadedmetadata',
        () => {
          media.currentTime = at;
        },
        { once: true },
      );
    this.play();
  }

  /** Sound without a picture is what somebody wants. */
  acceptBlind(): void {
    this.#blindAccepted = true;
    this.symptom = undefined;
    this.play();
  }

  play(): void {
    this.media.play().catch(() => undefined);
  }

  pause(): void {
    this.media.pause();
  }

  toggle(): void {
    if (this.media.paused) this.play();
    else this.pause();
  }

  /** @param seconds from the beginning; what lies outside is the nearest end */
  seek(seconds: number): void {
    const { media } = this;
    const end = Number.isFinite(media.duration) ? media.duration : seconds;
    media.currentTime = Math.max(0, Math.min(seconds, end));
    this.time = media.currentTime;
  }

  setRate(value: number): void {
    rate.value = value;
    this.media.playbackRate = value;
    this.say(t().play.said.speed(formatNumber(value)));
  }

  toggleLoop(): void {
    this.loop = this.media.loop = !this.loop;
    this.say(this.loop ? t().play.said.loop : t().play.said.noLoop);
  }

  /** What a key asks for, of what the element alone can do. @returns whether it could */
  perform(command: Command): boolean {
    const { media } = this;
    const texts = t().play.said;
    if (command.do === 'toggle') this.toggle();
    else if (command.do === 'seek-by') {
      this.seek(media.currentTime + command.seconds);
      this.say(texts.seconds(command.seconds));
    } else if (command.do === 'seek-to') this.seek(command.part * (this.duration || 0));
    else if (command.do === 'volume-by') {
      media.muted = false;
      media.volume = Math.max(0, Math.min(1, Math.round((media.volume + command.amount) * 100) / 100));
      this.say(texts.volume(formatNumber(media.volume, { style: 'percent' })));
    } else if (command.do === 'mute') {
      media.muted = !media.muted;
      this.say(media.muted ? texts.muted : texts.volume(formatNumber(media.volume, { style: 'percent' })));
    } else if (command.do === 'rate') this.setRate(rateBeside(media.playbackRate, command.step));
    else if (command.do === 'frame') {
      if (media.paused) this.seek(media.currentTime + command.step * FRAME);
    } else if (command.do === 'loop') this.toggleLoop();
    else return false;
    return true;
  }

  /** Shows for a moment what was done. */
  say(text: string): void {
    this.said = text;
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => {
      this.said = '';
    }, 1200);
  }

  /** Lets go of everything. */
  close(): void {
    this.#isClosed = true;
    for (const off of this.#off) off();
    clearTimeout(this.#forget);
    unload(this.media);
  }

  #sync(): void {
    const { media } = this;
    this.paused = media.paused;
    this.ended = media.ended;
    this.time = media.currentTime;
    this.duration = Number.isFinite(media.duration) ? media.duration : 0;
  }

  #watch(): void {
    const { media } = this;
    if (this.symptom !== undefined || media.paused || !media.hasAttribute('src')) return;
    const waits = media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !media.ended;
    const patience = this.isDamaged ? PATIENCE_IF_DAMAGED : PATIENCE;
    if (waits && Date.now() - this.#lastData > patience * 1000) this.symptom = 'stalled';
    const isBlind = media.videoWidth === 0 && media.currentTime > BLIND;
    if (isBlind && this.hasPicture === true && !this.#blindAccepted) {
      this.pause();
      this.symptom = 'no-picture';
    }
  }
}
