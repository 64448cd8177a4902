import { describe, expect, it } from '@jest/globals';
import { readStrictly } from '../../../test/support/strict-webvtt.js';
import type { SubtitleFormat } from './subtitle-format.js';
import { toWebVtt } from './to-webvtt.js';

const FORMATS: readonly SubtitleFormat[] = ['srt', 'vtt', 'ass'];
const LANGUAGES = [null, 'zh', 'ja', 'ru', 'x-nothing'];
const signal = new AbortController().signal;

/** What files are made of, and what breaks readers. */
const PIECES = [
  ...['\n', '\n', '\r', '\r\n', '\n\n', ' ', '1', '42', 'WEBVTT', 'NOTE', 'STYLE', '[Events]\n', 'text'],
  ...[
    '00:00:01,000 --> 00:00:02,000',
    '\n00:00:09.000 --> 00:00:12.000 line:0 align:x\n',
    '-->',
    '->',
    '00:0',
  ],
  ...[
    '-00:00:01,000 --> 00:00:05,000\n',
    '9999999:1:2 --> 1:2',
    '<i>',
    '</i>',
    '<b',
    '<ruby>',
    '<rt>',
    '</ruby>',
  ],
  ...[
    '<font color="',
    '">',
    '>',
    '<',
    '&',
    '&amp;',
    '&#x',
    '&#0;',
    '{\\an8}',
    '{\\',
    '}',
    '\0',
    '\ufeff',
    '\u2028',
  ],
  ...[
    'Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,a\\Nb',
    'Format: Start, End, Text\n',
    ',',
    ':',
    'é',
    '你',
    '🎬',
  ],
];

/** The same in each run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function garbage(seed: number): Buffer {
  const next = generator(seed);
  const pieces = Array.from({ length: next(60) }, () => PIECES[next(PIECES.length)]!);
  const bytes = Buffer.from(pieces.join(''), seed % 7 === 0 ? 'utf16le' : 'utf8');
  for (let count = next(4); count > 0 && seed % 3 === 0 && bytes.length > 0; count--)
    bytes[next(bytes.length)] = next(256);
  return bytes;
}

async function timeOf(bytes: Buffer, format: SubtitleFormat): Promise<number> {
  const begun = performance.now();
  await toWebVtt(bytes, { format, language: null, offset: 0, signal });
  return performance.now() - begun;
}

describe('whatever is in a file', () => {
  it('becomes valid WebVTT', async () => {
    let cues = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const format = FORMATS[seed % 3]!;
      const offset = (seed % 5) * 1000 - 2000;
      const language = LANGUAGES[seed % LANGUAGES.length]!;
      const text = await toWebVtt(garbage(seed), { format, language, offset, signal });
      cues += readStrictly(text).length;
    }
    expect(cues).toBeGreaterThan(1000);
  }, 20_000);

  it('is told up to 100000 cues', async () => {
    const cues = Buffer.from('0:0 --> 0:1\na\n');
    const count = async (times: number) => {
      const file = Buffer.alloc(times * cues.length, cues);
      const text = await toWebVtt(file, { format: 'vtt', language: null, offset: 0, signal });
      return text.split(' --> ').length - 1;
    };
    expect(await count(99_999)).toBe(99_999);
    expect(await count(150_000)).toBe(100_000);
  }, 20_000);

  it('is read in time in proportion to it', async () => {
    const cues = (count: number) =>
      Buffer.from(
        Array.from(
          { length: count },
          (_, at) => `${at}\n${at}:00:01,000 --> ${at}:00:02,000\n<i>line ${at}\n\n`,
        )
          .reverse()
          .join(''),
      );
    expect(await timeOf(cues(100_000), 'srt')).toBeLessThan(5000);
  }, 20_000);

  it.each([
    '<',
    '<i>',
    '<a',
    '<aaaaaa ',
    '{\\',
    '{\\an',
    '&',
    '&#',
    '\n',
    '1:',
    '1:1 --> ',
    ' ',
    '\\N',
    '0:0 -->\n',
    ',',
  ])(
    'and if it were 4 MiB of %j',
    async (piece) => {
      const bytes = Buffer.concat([
        Buffer.from(
          '[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,x\n00:00:01.000 --> 00:00:02.000\n',
        ),
        Buffer.alloc(4_194_304, piece),
      ]);
      for (const format of FORMATS) expect(await timeOf(bytes, format)).toBeLessThan(3000);
    },
    20_000,
  );

  it('is left alone when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const converted = toWebVtt(Buffer.alloc(4_194_304, '\n'), {
      format: 'srt',
      language: null,
      offset: 0,
      signal: gone.signal,
    });
    gone.abort(new Error('gone'));
    await expect(converted).rejects.toThrow('gone');
  });
});
