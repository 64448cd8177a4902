import { TrustedProxies } from '../core/forwarded/index.js';

/**
 * Explicit conversions, one for each shape of setting: implicit ones read the text "false" as true and an empty
 * string as 0.
 */
export function toText(raw: unknown): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  if (typeof raw === 'number') return String(raw);
  throw new Error('expects a text');
}

/** A whole number, written in digits. */
export function toInteger(raw: unknown): number {
  if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
  if (typeof raw === 'string' && /^\d{1,15}$/.test(raw)) return Number(raw);
  throw new Error('expects a whole number');
}

/** A number of seconds, possibly with a fraction. */
export function toSeconds(raw: unknown): number {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
  if (typeof raw === 'string' && /^\d{1,9}(?:\.\d{1,3})?$/.test(raw)) return Number(raw);
  throw new Error('expects a number of seconds');
}

/** A number of bytes, or of KiB, MiB, GiB or TiB with K, M, G or T behind it. */
export function toSize(raw: unknown): number {
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return raw;
  const [, digits, unit = ''] = typeof raw === 'string' ? (/^(\d{1,15})([KMGT]?)$/i.exec(raw) ?? []) : [];
  const size = Number(digits) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ');
  if (Number.isSafeInteger(size)) return size;
  throw new Error('expects a number of bytes, such as 1000000, 500M or 2G');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time in seconds, or in another unit: `90m`, `12h`, `30d`. */
export function toDuration(raw: unknown): number {
  const [, digits, unit = 's'] = /^(\d{1,9})([smhd]?)$/.exec(String(raw)) ?? [];
  if (digits === undefined) throw new Error('expects seconds, or a time such as 90m, 12h or 30d');
  return Number(digits) * (UNITS[unit] ?? 1);
}

export function toBoolean(raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  if (raw === 'true' || raw === '1') return true;
  if (raw === 'false' || raw === '0') return false;
  throw new Error('expects true or false');
}

/** A list, or one text with commas. */
export function toList(raw: unknown): string[] {
  if (Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return raw;
  if (typeof raw === 'string') {
    return raw
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  throw new Error('expects a list');
}

/** Secrets of 32 characters or more, separated by commas. @throws Error that holds none of them */
export function toSecrets(raw: unknown): string[] {
  const list = toList(raw);
  if (list.length === 0 || list.some((secret) => secret.length < 32))
    throw new Error(
      'expects secrets of at least 32 characters each, such as "openssl rand -base64 32" prints',
    );
  return list;
}

/** A list of IP addresses and ranges of them. */
export function toAddresses(raw: unknown): string[] {
  const list = toList(raw);
  new TrustedProxies(list);
  return list;
}
