import { parseSubtitleName, type SubtitleName } from './subtitle-name.js';

/** A name without its extension, in the normal form that names are compared in. */
export function stemOf(fileName: string): string {
  const name = fileName.normalize('NFC');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Without regard to letter case. */
export function sameStem(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * What the name of a subtitle file says when it begins with that of a film; undefined when it does not. A dot must
 * follow the name of the film, or what tells nothing but a language: `film 2.srt` is not for `film.mp4`.
 * @param stem of the subtitle file; @param film the stem of the film
 */
export function nameBeside(stem: string, film: string): SubtitleName | undefined {
  if (!sameStem(stem.slice(0, film.length), film)) return undefined;
  const rest = stem.slice(film.length);
  if (rest !== '' && !/^[\s._\-([]/.test(rest)) return undefined;
  const name = parseSubtitleName(rest, false);
  return rest === '' || rest.startsWith('.') || (name.language !== null && name.label === null)
    ? name
    : undefined;
}

/** Whether it belongs to another film, whose name is longer: `film.part 2.en.srt` beside `film.part 2.mp4`. */
export function isForAnother(stem: string, film: string, others: ReadonlySet<string>): boolean {
  const folded = stem.toLowerCase();
  for (let end = folded.length; end > film.length; end = folded.lastIndexOf('.', end - 1))
    if (others.has(folded.slice(0, end))) return true;
  return false;
}
