import { dock } from '../../ui/layers.svelte.ts';
import MiniPlayer from './MiniPlayer.svelte';

let undock: (() => void) | undefined;

/** Puts the player of sound at the lower edge of the page, where it stays until somebody closes it. */
export function showMiniPlayer(): void {
  undock ??= dock(MiniPlayer, {
    onclose: () => {
      undock?.();
      undock = undefined;
    },
  });
}
