/** How long a link may last, and the seconds that the API takes for it. It lets none last longer than a year. */
export const EXPIRIES = {
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
} as const;

export type Expiry = keyof typeof EXPIRIES;
