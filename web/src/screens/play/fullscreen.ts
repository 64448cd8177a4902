let films = 0;

/** A film is shown. */
export function enterFilm(): void {
  films++;
}

/** It is gone. When no other film follows at once, all of the screen is given back. */
export function leaveFilm(): void {
  films--;
  setTimeout(() => {
    if (films === 0 && document.fullscreenElement === document.documentElement)
      document.exitFullscreen().catch(() => undefined);
  }, 1500);
}
