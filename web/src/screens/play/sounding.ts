/** Who makes a sound: one at a time. */
let pauseCurrent: (() => void) | undefined;

/** Call it when something begins to play: what played before is paused. @param pause how to pause this one */
export function takeTheStage(pause: () => void): void {
  if (pauseCurrent !== pause) pauseCurrent?.();
  pauseCurrent = pause;
}

/** Call it when it is gone. */
export function leaveTheStage(pause: () => void): void {
  if (pauseCurrent === pause) pauseCurrent = undefined;
}

/** Ends an element for good: it keeps nothing open and downloads nothing any more. */
export function unload(media: HTMLMediaElement): void {
  media.pause();
  media.removeAttribute('src');
  for (const child of [...media.children]) child.remove();
  media.load();
}
