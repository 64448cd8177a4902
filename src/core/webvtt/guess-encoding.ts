/** How the bytes above ASCII of a text stand, when two of them are taken together wherever one begins. */
interface Shape {
  /** Pairs of a byte above ASCII and one that could be its second half. */
  pairs: number;
  /** Bytes above ASCII before one that is no second half in any encoding: a blank, an end of line, punctuation. */
  alone: number;
  /** First bytes of Japanese kana in Shift_JIS. */
  kana: number;
  /** Both bytes in the part of EUC where the common characters of Chinese and Korean are. */
  common: number;
  /** The same, where Chinese has characters as common as any and Korean has only Hanja. */
  late: number;
  /** In the part of Big5 where its common characters are. */
  big5: number;
  /** The same, with a second byte below 0x80, which GB 2312 never has. */
  big5Low: number;
  /** Both bytes letters of Cyrillic, as in words of windows-1251; in Latin alphabets such letters stand apart. */
  letters: number;
}

/** Pairs that are enough to tell. */
const FEWEST = 2;

/**
 * An encoding that the bytes speak for, by how often they are where the common characters of that encoding are. The
 * layouts are those of the indexes in the Encoding Standard: GB 2312 and KS X 1001 have Hanzi of level 1 and Hangul
 * in rows from 0xB0 on, Big5 its 5401 frequent characters in 0xA4 to 0xC6, Shift_JIS kana in 0x82 and 0x83.
 * @param bytes text that is no UTF-8, or the beginning of it
 * @param language BCP 47, or null: Cyrillic is believed only where the language is unknown
 * @returns a label of the Encoding Standard; undefined where nothing stands out
 */
export function guessEncoding(bytes: Uint8Array, language: string | null): string | undefined {
  const { pairs, alone, kana, common, late, big5, big5Low, letters } = shapeOf(bytes);
  if (pairs < FEWEST) return undefined;
  const isDouble = alone * 50 <= pairs;
  if (isDouble && kana > 0.3 * pairs) return 'shift_jis';
  if (isDouble && common > 0.55 * pairs) {
    // In Chinese about a third of them are late, in Korean next to none.
    const isKorean = pairs >= 20 ? late < 0.05 * common : language === 'ko';
    return isKorean ? 'euc-kr' : 'gb18030';
  }
  if (isDouble && big5 > 0.7 * pairs && big5Low > 0.2 * pairs) return 'big5';
  return language === null && pairs >= 10 && letters > 0.6 * pairs ? 'windows-1251' : undefined;
}

function shapeOf(bytes: Uint8Array): Shape {
  const shape = { pairs: 0, alone: 0, kana: 0, common: 0, late: 0, big5: 0, big5Low: 0, letters: 0 };
  for (let index = 0; index + 1 < bytes.length; index++) {
    const first = bytes[index]!;
    if (first < 0x80) continue;
    const second = bytes[index + 1]!;
    if (second < 0x40 || second === 0x7f) {
      shape.alone++;
      continue;
    }
    index++;
    count(shape, first, second);
  }
  return shape;
}

function count(shape: Shape, first: number, second: number): void {
  const isHigh = second >= 0xa1;
  shape.pairs++;
  if (first === 0x82 || first === 0x83) shape.kana++;
  if (first >= 0xb0 && first <= 0xd7 && isHigh) shape.common++;
  if (first >= 0xc9 && first <= 0xd7 && isHigh) shape.late++;
  if (first >= 0xa4 && first <= 0xc6 && (isHigh || second < 0x7f)) shape.big5++;
  if (first >= 0xa4 && first <= 0xc6 && second < 0x7f) shape.big5Low++;
  if (first >= 0xc0 && second >= 0xc0) shape.letters++;
}
