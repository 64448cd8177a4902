import { language } from '../i18n/language.svelte.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** To make one takes longer than to use it, and lists use many. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return remembered(options, () => new Intl.NumberFormat(language(), options));
}

function times(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return remembered(options, () => new Intl.DateTimeFormat(language(), options));
}

function remembered<T extends Intl.NumberFormat | Intl.DateTimeFormat>(options: object, make: () => T): T {
  const key = `${language()} ${JSON.stringify(options)}`;
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known as T;
}

/** 1,234,567 as "1.2 MB", by the language of the page. Decimal: a kilobyte is 1000 bytes. */
export function formatSize(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return numbers({
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

/** Day and time, short. @param time RFC 3339, or milliseconds since 1970 */
export function formatTime(time: string | number): string {
  return times({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

/** The day alone. */
export function formatDay(time: string | number): string {
  return times({ dateStyle: 'medium' }).format(new Date(time));
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return numbers(options).format(value);
}

/** 3725 seconds as "1:02:05"; players everywhere write it so. A dash for what is not known. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return '–';
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
