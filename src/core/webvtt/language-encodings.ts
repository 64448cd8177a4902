/**
 * The encodings that captions of a language were written in before UTF-8: what Windows has for it, by language and, where
 * that decides, by script or region. Labels of the Encoding Standard §4.2.
 */
const ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  big5: ['zh-Hant', 'zh-TW', 'zh-HK', 'zh-MO', 'yue'],
  gb18030: ['zh'],
  shift_jis: ['ja'],
  'euc-kr': ['ko'],
  'windows-874': ['th'],
  'windows-1250': ['bs', 'cs', 'hr', 'hu', 'pl', 'ro', 'sk', 'sl', 'sq', 'sr', 'sr-Latn'],
  'windows-1251': ['be', 'bg', 'kk', 'ky', 'mk', 'mn', 'ru', 'sr-Cyrl', 'tg', 'tt', 'uk'],
  'windows-1253': ['el'],
  'windows-1254': ['az', 'tr'],
  'windows-1255': ['he', 'yi'],
  'windows-1256': ['ar', 'fa', 'ps', 'ur'],
  'windows-1257': ['et', 'lt', 'lv'],
  'windows-1258': ['vi'],
};

const BY_LANGUAGE = new Map(
  Object.entries(ENCODINGS).flatMap(([encoding, languages]) =>
    languages.map((language) => [language, encoding] as const),
  ),
);

/** Undefined where nothing is known of the language. @param language BCP 47 */
export function encodingFor(language: string | null): string | undefined {
  if (language === null) return undefined;
  const [primary = '', ...subtags] = language.split('-');
  const exact = subtags.map((subtag) => BY_LANGUAGE.get(`${primary}-${subtag}`)).find(Boolean);
  return exact ?? BY_LANGUAGE.get(primary);
}
