const EARLIEST = new Date(1980, 0, 1).getTime();
const LATEST = new Date(2107, 11, 31, 23, 59, 58).getTime();

/**
 * A time as MS-DOS has it (APPNOTE.TXT 4.4.6): in steps of two seconds, from 1980 to 2107, on a clock whose zone nobody
 * wrote down. As every archiver does, this takes the zone of the machine.
 * @param ms since the epoch; what lies outside is moved to the nearer end.
 */
export function dosTime(ms: number): { readonly time: number; readonly date: number } {
  const local = new Date(Math.min(Math.max(ms, EARLIEST), LATEST));
  return {
    time: (local.getHours() << 11) | (local.getMinutes() << 5) | (local.getSeconds() >> 1),
    date: ((local.getFullYear() - 1980) << 9) | ((local.getMonth() + 1) << 5) | local.getDate(),
  };
}
