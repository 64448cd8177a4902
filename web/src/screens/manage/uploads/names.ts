/** Why a name cannot be sent at all; the server would refuse it. */
export type NameProblem = 'empty' | 'dots' | 'nul' | 'unicode' | 'long';

/** Bytes that file systems allow for a name. */
const LONGEST = 255;

/** What is wrong with one of the names of a path; undefined for nothing. */
export function nameProblem(path: string): NameProblem | undefined {
  for (const name of path.split('/')) {
    if (name === '') return 'empty';
    if (name === '.' || name === '..') return 'dots';
    if (name.includes('\0')) return 'nul';
    if (/\p{Surrogate}/u.test(name)) return 'unicode';
    if (new TextEncoder().encode(name).length > LONGEST) return 'long';
  }
  return undefined;
}

/** A name for what came from the clipboard as `image.png`, which all of them are called. @param stem such as "Screenshot 2026-11-23 at 14.05.09" */
export function pastedName(name: string, stem: string): string {
  const [, extension] = /^image(\.\w+)$/.exec(name) ?? [];
  return extension === undefined ? name : `${stem}${extension}`;
}

/** Day and time as they may stand in a name and sort: `2026-11-23 14.05.09`. */
export function stampOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join('.')}`;
}
