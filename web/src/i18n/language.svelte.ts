import { Remembered } from '../lib/remembered.svelte.ts';
import { en } from './en/index.ts';

/** BCP 47. What there are messages in. */
export const LANGUAGES = { en: 'English', 'zh-Hans': '简体中文' } as const;
export type Language = keyof typeof LANGUAGES;
export type Messages = typeof en;

const chosen = new Remembered<Language | ''>('language', '', (value) => value === '' || isLanguage(value));
let shown = $state<Language>('en');
let messages = $state.raw<Messages>(en);

/** The messages of the page in its language. Reactive. */
export function t(): Messages {
  return messages;
}

/** The language of the page. Dates, sizes and numbers are written by it too. Reactive. */
export function language(): Language {
  return shown;
}

/** What was chosen here, if anything: else the browser asks for its own languages by itself. */
export function chosenLanguage(): Language | '' {
  return chosen.value;
}

/** Chooses a language, which is remembered. */
export async function chooseLanguage(next: Language): Promise<void> {
  chosen.value = next;
  await show(next);
}

/** The chosen language, or else the first of the browser's that there is. Chinese comes as a file of its own. */
export async function startLanguage(): Promise<void> {
  await show(chosen.value === '' ? preferred() : chosen.value);
}

async function show(next: Language): Promise<void> {
  // English is there in any case, for when the other does not arrive.
  const loaded =
    next === 'en' ? en : await import('./zh/index.ts').then(({ zh }): Messages => zh).catch(() => undefined);
  messages = loaded ?? en;
  shown = loaded ? next : 'en';
  document.documentElement.lang = shown;
}

function preferred(): Language {
  for (const tag of navigator.languages) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}
