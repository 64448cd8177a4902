import { t } from '../../i18n/language.svelte.ts';
import type { FilmCaptions } from './film-captions.svelte.ts';
import type { Film } from './film.svelte.ts';
import type { Command } from './keys.ts';

interface Parts {
  readonly film: () => Film | undefined;
  readonly controller: () => HTMLElement | undefined;
  readonly captions: FilmCaptions;
  readonly next: () => void;
  readonly previous: () => void;
  readonly help: () => void;
}

/** Does what keys ask of a film and of what is around it. */
export class FilmKeys {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  perform(command: Command): void {
    const { film, captions, next, previous, help } = this.#parts;
    const shown = film();
    if (shown?.perform(command)) this.#wake();
    else if (command.do === 'next') next();
    else if (command.do === 'previous') previous();
    else if (command.do === 'help') help();
    else if (command.do === 'captions') shown?.say(captions.toggle(t().play));
    else if (command.do === 'fullscreen') this.#request('fullscreen', document.fullscreenElement !== null);
    else if (command.do === 'pip') this.#request('pip', document.pictureInPictureElement !== null);
  }

  /** Media Chrome knows how each browser does it. */
  #request(what: 'fullscreen' | 'pip', isOn: boolean): void {
    this.#parts.controller()?.dispatchEvent(new CustomEvent(`media${isOn ? 'exit' : 'enter'}${what}request`));
  }

  /** Shows the controls for a moment. */
  #wake(): void {
    this.#parts.controller()?.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse' }));
  }
}
