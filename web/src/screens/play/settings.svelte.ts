import { Remembered } from '../../lib/remembered.svelte.ts';
import type { Repeat } from './queue-order.ts';

const isPart = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1;

/** From 0 to 1, for films and for sound. */
export const volume = new Remembered<number>('volume', 1, isPart);
export const muted = new Remembered<boolean>('muted', false);
/** Of films; music is played as it is. */
export const rate = new Remembered<number>(
  'rate',
  1,
  (value) => typeof value === 'number' && value >= 0.25 && value <= 3,
);
/** The language of the captions that were chosen last; `off` for none, empty where nobody has chosen. */
export const captions = new Remembered<string>('captions', '');
/** Whether the next film starts when one has ended. */
export const playNext = new Remembered<boolean>('play-next', false);
export const shuffle = new Remembered<boolean>('shuffle', false);
export const repeat = new Remembered<Repeat>('repeat', 'off', (value) =>
  ['off', 'all', 'one'].includes(value as string),
);

/** Gives an element the volume that is remembered, and keeps what is changed by its own means. */
export function keepVolume(media: HTMLMediaElement): () => void {
  media.volume = volume.value;
  media.muted = muted.value;
  const keep = () => {
    if (media.volume !== volume.value) volume.value = media.volume;
    if (media.muted !== muted.value) muted.value = media.muted;
  };
  media.addEventListener('volumechange', keep);
  return () => media.removeEventListener('volumechange', keep);
}
