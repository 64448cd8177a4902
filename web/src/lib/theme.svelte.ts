import { Remembered } from './remembered.svelte.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Light, dark, or as the system has it. Remembered. */
export const theme = new Remembered<Theme>('theme', 'system', (value) => THEMES.includes(value as Theme));

/** Keeps the document as the choice says. Call it once, where effects may be made. */
export function followTheme(): void {
  $effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}
