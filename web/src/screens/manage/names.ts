/** What is wrong with a name that somebody typed. */
export type NameProblem = 'empty' | 'slash' | 'dots' | 'character' | 'long' | 'taken';

/** Bytes in UTF-8 that a name may have, as on every usual disk. */
const LONGEST = 255;

/**
 * What the server would refuse, said before it is asked.
 * @param isTaken whether something else has this name, as far as the page knows
 */
export function nameProblem(
  name: string,
  isTaken: (name: string) => boolean = () => false,
): NameProblem | undefined {
  if (name.trim() === '') return 'empty';
  if (name.includes('/')) return 'slash';
  if (name === '.' || name === '..') return 'dots';
  // Half a character, or a NUL: neither can stand in a URL path.
  if (name.includes('\0') || encodeURIComponentFails(name)) return 'character';
  if (new TextEncoder().encode(name).length > LONGEST) return 'long';
  return isTaken(name) ? 'taken' : undefined;
}

function encodeURIComponentFails(text: string): boolean {
  try {
    encodeURIComponent(text);
    return false;
  } catch {
    return true;
  }
}
