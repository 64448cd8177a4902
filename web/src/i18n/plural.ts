/** English plurals: `plural(1, 'file')` is "1 file", `plural(2000, 'file')` is "2,000 files". */
export function plural(count: number, one: string, other = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : other}`;
}
