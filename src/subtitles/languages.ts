/** Names that the tables of the platform do not have, and abbreviations that captions are named by. */
const HABITS: Readonly<Record<string, readonly string[]>> = {
  'zh-Hans': ['chs', 'sc', 'zhs', '简', '简体', '简中', '简体字', '简体中文', '簡体', '簡體', 'hans'],
  'zh-Hant': ['cht', 'tc', 'zht', '繁', '繁体', '繁體', '繁中', '繁体中文', '繁體中文', 'hant'],
  zh: ['中文', '中文字幕', '中字', 'mandarin'],
  yue: ['粤语', '粵語', 'cantonese'],
  ja: ['jp', 'jap', 'jpn', '日语', '日文', '日語'],
  ko: ['kr', '韩语', '韓語'],
  en: ['英文', '英语', '英語'],
  cs: ['cz'],
  'pt-BR': ['pob', 'brazilian', 'ptbr'],
  'es-419': ['latino', 'latam'],
  es: ['castellano', 'espanol'],
  fr: ['francais'],
  fa: ['farsi'],
  el: ['gr'],
  nl: ['flemish'],
};

/** Languages whose names, in English and in themselves, are looked for. */
const NAMED = (
  'af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ' +
  'lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh ' +
  'zh-Hans zh-Hant'
).split(' ');

/** Languages without a code of two letters that have captions; other codes of three letters are words: `war`, `new`. */
const LONG_CODES = new Set(['ast', 'ceb', 'fil', 'gsw', 'haw', 'yue']);

/** Longer than any tag that is looked for. */
const LONGEST = 35;
/** RFC 5646 §2.1: language, script, region; nothing else comes in names of files. */
const TAG = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;

let names: ReadonlyMap<string, string> | undefined;

/**
 * The language that a word of a file name means, as a BCP 47 tag: by a tag, a code of ISO 639-2 in either form (`ger`,
 * `deu`), or the name of the language in English or in itself; null where it means none.
 */
export function languageOf(word: string): string | null {
  if (word.length > LONGEST) return null;
  const folded = word.normalize('NFC').toLowerCase();
  const named = (names ??= allNames()).get(folded);
  if (named !== undefined) return named;
  if (!TAG.test(folded)) return null;
  // Replaces what is out of use: three letters by two, bibliographic codes (Unicode TR 35 §3.2.1).
  const [tag] = Intl.getCanonicalLocales(folded);
  const { language } = new Intl.Locale(tag!);
  const isKnown = (language.length === 2 || LONG_CODES.has(language)) && ENGLISH.of(language) !== undefined;
  return isKnown ? tag! : null;
}

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

function allNames(): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const tag of NAMED) {
    for (const locale of ['en', tag]) {
      const name = new Intl.DisplayNames([locale], { type: 'language' }).of(tag);
      if (name !== undefined) all.set(name.toLowerCase(), tag);
    }
  }
  for (const [tag, words] of Object.entries(HABITS)) for (const word of words) all.set(word, tag);
  return all;
}
