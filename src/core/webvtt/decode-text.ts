import { guessEncoding } from './guess-encoding.js';
import { encodingFor } from './language-encodings.js';

/** How many of the bytes are looked at to guess an encoding. */
const LOOKED_AT = 262_144;

/** Those that can be told from each other. Captions in two languages are named for either. */
const DOUBLE_BYTE = ['gb18030', 'big5', 'shift_jis', 'euc-kr'];

/**
 * The text of a file that does not say its encoding: by its byte order mark; as UTF-8 where it is that; else by what its
 * bytes look like, and by its language.
 * @param language BCP 47, where the name of the file tells it
 */
export function decodeText(bytes: Uint8Array, language: string | null): string {
  const marked = markedEncoding(bytes);
  // The decoder takes the mark away (Encoding Standard §6.1).
  if (marked) return new TextDecoder(marked).decode(bytes);
  const text = new TextDecoder('utf-8').decode(bytes);
  if (isReadable(text)) return text;
  const usual = encodingFor(language);
  const guessed =
    usual === undefined || DOUBLE_BYTE.includes(usual)
      ? guessEncoding(bytes.subarray(0, LOOKED_AT), language)
      : undefined;
  return new TextDecoder(guessed ?? usual ?? 'windows-1252').decode(bytes);
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark: captions begin with a digit or a letter of ASCII.
  if (first === 0 && second !== 0 && third === 0) return 'utf-16be';
  if (first !== 0 && second === 0 && third !== 0 && bytes.length >= 4) return 'utf-16le';
  return undefined;
}

/** Whether it was UTF-8: all of it, or all but a few bytes that were lost, which it is not in any other encoding. */
function isReadable(text: string): boolean {
  let [broken, foreign] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0xfffd) broken++;
    else if (unit > 0x7f) foreign++;
  }
  return broken === 0 || broken * 50 < foreign;
}
