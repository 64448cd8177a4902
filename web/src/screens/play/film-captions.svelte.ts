import { api, data } from '../../api/client.ts';
import type { FileEntry } from '../../api/types.ts';
import { language, t, type Messages } from '../../i18n/language.svelte.ts';
import { captionsOf, preferredCaption, preferredFirst, type Caption } from './captions.ts';
import { captions as remembered } from './settings.svelte.ts';

/** Of a line, in CSS pixels: as `video::cue` has it in VideoViewer. */
const lineHeight = () => Math.min(Math.max(16, 0.024 * innerWidth), 52) * 1.35;

/** The captions of a film: those that lie with it, and which are shown. */
export class FilmCaptions {
  all = $state.raw<readonly Caption[]>([]);
  shown = $state.raw<Caption | undefined>();
  readonly #entry: FileEntry;
  #last: Caption | undefined;
  #media: HTMLVideoElement | undefined;
  /** Lines that the controls cover. */
  #covered = 0;
  /** Cues that the film does not place itself. */
  readonly #free = new WeakSet<TextTrackCue>();

  constructor(entry: FileEntry) {
    this.#entry = entry;
  }

  /** Fetches the list. Without one there are no captions. */
  async load(): Promise<void> {
    const { path, links } = this.#entry;
    if (links.subtitles === undefined) return;
    const list = await data(api.GET('/api/v1/subtitles/{path}', { params: { path: { path } } })).catch(
      () => undefined,
    );
    if (!list || list.subtitles.length === 0) return;
    const names = new Intl.DisplayNames([language()], { type: 'language', fallback: 'none' });
    const nameOf = (tag: string) => {
      try {
        return names.of(tag);
      } catch {
        return undefined;
      }
    };
    const languages = [language(), ...navigator.languages];
    this.all = preferredFirst(captionsOf(list.subtitles, nameOf, t().play), languages);
    this.shown = preferredCaption(this.all, remembered.value, languages);
    this.#last = this.shown;
  }

  /** Shows these, or none, and next time as well. */
  choose(caption: Caption | undefined): void {
    this.shown = caption;
    this.#last = caption ?? this.#last;
    remembered.value = caption?.id ?? 'off';
  }

  /** Shows the last ones, or none. @returns what to tell about it */
  toggle(texts: Messages['play']): string {
    if (this.all.length === 0) return texts.said.noCaptions;
    this.choose(this.shown ? undefined : (this.#last ?? this.all[0]));
    return texts.said.captions(this.shown?.label ?? texts.captionsOff);
  }

  /** Makes room for the controls below them, or takes it back. @param height of the controls in CSS pixels; 0 without any */
  lift(height: number): void {
    this.#covered = Math.ceil(height / lineHeight());
    this.#place();
  }

  /** Keeps the tracks of an element as was chosen, whatever the browser would rather show. */
  readonly attach = (media: HTMLVideoElement): (() => void) => {
    this.#media = media;
    const place = () => this.#place();
    const apply = () => {
      const at = this.shown ? this.all.indexOf(this.shown) : -1;
      for (const [index, element] of [...media.querySelectorAll('track')].entries()) {
        const mode = index === at ? 'showing' : 'disabled';
        if (element.track.mode !== mode) element.track.mode = mode;
      }
    };
    $effect(() => {
      void this.shown;
      void this.all;
      apply();
    });
    media.textTracks.addEventListener('addtrack', apply);
    media.addEventListener('cuechange', place, { capture: true });
    return () => {
      media.textTracks.removeEventListener('addtrack', apply);
      media.removeEventListener('cuechange', place, { capture: true });
    };
  };

  #place(): void {
    for (const track of this.#media?.textTracks ?? []) {
      if (track.mode !== 'showing') continue;
      let isMoved = false;
      for (const cue of track.activeCues ?? []) {
        if (!(cue instanceof VTTCue)) continue;
        if (cue.line === 'auto' && cue.snapToLines) this.#free.add(cue);
        // Where it begins, counted from below.
        const line = this.#covered > 0 ? -this.#covered - cue.text.split('\n').length : 'auto';
        if (!this.#free.has(cue) || cue.line === line) continue;
        cue.line = line;
        isMoved = true;
      }
      if (!isMoved) continue;
      // Chromium leaves what it shows already where it is.
      track.mode = 'hidden';
      track.mode = 'showing';
    }
  }
}
