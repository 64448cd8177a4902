import { go, route } from '../../routing/router.svelte.ts';

/** Milliseconds between changes: Safari refuses more than 100 of them in 30 seconds. */
const PAUSE = 1000;
let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let written: number | undefined;

/** Keeps the second somebody is at in the URL, so that a reload or a copy of it begins there. */
export function rememberTime(seconds: number): void {
  const path = route().path;
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      if (route().path !== path) return;
      last = Date.now();
      written = Math.round(seconds * 10) / 10;
      if (route().time !== written) go({ time: written }, { replace: true });
    },
    Math.max(100, last + PAUSE - Date.now()),
  );
}

/** Whether the URL says the second because it was written by `rememberTime`, and not because somebody wants to go there. */
export function isOwnTime(seconds: number | undefined): boolean {
  return seconds === written;
}
