import { languageOf } from './languages.js';

/** What the name of a subtitle file says of it, beyond the film it is for. */
export interface SubtitleName {
  /** BCP 47. */
  readonly language: string | null;
  /** What is left of the name. */
  readonly label: string | null;
  /** Only what is foreign in the film, or signs: to be shown without being asked for. */
  readonly forced: boolean;
  /** With sounds and speakers told: SDH, closed captions. */
  readonly hearingImpaired: boolean;
  readonly default: boolean;
}

const FORCED = new Set(['forced', 'foreign']);
const HEARING_IMPAIRED = new Set(['sdh', 'cc', 'hi']);
const SEPARATORS = /[.\s_()[\]&+,]+/;
/** Longer than a file name may be on any disk, and more words than tell anything. */
const LONGEST = 255;
const MOST_WORDS = 20;

/**
 * Reads the part of a name between the name of the film and the extension: `.zh-Hans.forced`, `_English`, ` (SDH)`.
 * `hi` is Hindi, unless a language stands before it.
 * @param isWhole whether it is the whole name, which then may be that of anything: only its last words count
 */
export function parseSubtitleName(rest: string, isWhole: boolean): SubtitleName {
  const words = rest
    .slice(0, LONGEST)
    .split(SEPARATORS)
    .slice(isWhole ? -MOST_WORDS : 0, isWhole ? undefined : MOST_WORDS)
    .flatMap((word) => (languageOf(word) === null ? word.split('-') : [word]))
    .filter((word) => word !== '');
  const begin = isWhole ? words.findLastIndex((word) => !isKnown(word)) + 1 : 0;
  const found = { language: null as string | null, forced: false, hearingImpaired: false, default: false };
  const left = words.slice(0, begin);
  for (const word of words.slice(begin)) {
    const folded = word.toLowerCase();
    const isHindi = folded === 'hi' && found.language === null;
    const language = found.language === null ? languageOf(word) : null;
    if (FORCED.has(folded)) found.forced = true;
    else if (folded === 'default') found.default = true;
    else if (HEARING_IMPAIRED.has(folded) && !isHindi) found.hearingImpaired = true;
    else if (language !== null) found.language = language;
    else left.push(word);
  }
  const label = left.filter((word) => !/^\d{1,3}$/.test(word)).join(' ');
  return { ...found, label: label === '' ? null : label };
}

function isKnown(word: string): boolean {
  const folded = word.toLowerCase();
  return (
    FORCED.has(folded) || HEARING_IMPAIRED.has(folded) || folded === 'default' || languageOf(word) !== null
  );
}
