/** In bytes of UTF-8: what the file systems in use keep (NAME_MAX of Linux). */
const LONGEST = 255;

/**
 * The name a file or folder gets when its own is taken: `film.mp4` becomes `film (1).mp4`, a folder `S1.E2` becomes
 * `S1.E2 (1)`. A name that would get too long for that loses the end of its stem, in whole characters.
 * @param number 0 for the name itself
 */
export function numberedName(name: string, number: number, kind: 'file' | 'folder' = 'file'): string {
  if (number === 0) return name;
  const dot = kind === 'file' ? name.lastIndexOf('.') : -1;
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const ending = ` (${number})${extension}`;
  const characters = [...stem];
  while (characters.length > 1 && Buffer.byteLength(characters.join('') + ending) > LONGEST) characters.pop();
  return characters.join('') + ending;
}
