import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeText } from '../../../test/support/encode-text.js';
import { SAMPLES } from '../../../test/support/samples.js';
import { readStrictly } from '../../../test/support/strict-webvtt.js';
import type { SubtitleFormat } from './subtitle-format.js';
import { toWebVtt } from './to-webvtt.js';

const signal = new AbortController().signal;

async function convert(
  file: string | Uint8Array,
  format: SubtitleFormat = 'srt',
  { language = null as string | null, offset = 0 } = {},
) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  return readStrictly(await toWebVtt(bytes, { format, language, offset, signal }));
}

const textsOf = async (...args: Parameters<typeof convert>) =>
  (await convert(...args)).map(({ text }) => text);
/** A SubRip file of one cue. */
const one = (text: string) => `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`;
const cueOf = async (text: string) => (await convert(one(text)))[0];

describe('SubRip', () => {
  it('becomes WebVTT, to the letter', async () => {
    const file = await readFile(path.join(SAMPLES, 'video/mp4-moov-first.srt'));
    const text = await toWebVtt(file, { format: 'srt', language: null, offset: 0, signal });
    expect(text.slice(0, 115)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.800\nThe first cue\n\n00:00:03.000 --> 00:00:05.800\nAccents: é è ü ñ ø\n\n00:00:06.000',
    );
    expect(await textsOf(file)).toEqual([
      'The first cue',
      'Accents: é è ü ñ ø',
      'Ελληνικά, Кириллица',
      '日本語の字幕',
      'The last cue',
    ]);
  });

  it.each([
    ['00:00:01,500 --> 00:00:02,000', 1500, 2000],
    ['00:00:01.500 --> 00:00:02.000', 1500, 2000],
    ['0:0:1,5 --> 0:0:2', 1500, 2000],
    ['01:02 --> 01:03', 62_000, 63_000],
    ['123:00:00,000 --> 1234:00:00,000', 442_800_000, 4_442_400_000],
    ['00:00:01,500-->00:00:02,000', 1500, 2000],
    [' 00: 00: 01, 500 -> 00:00:02,000 X1:10 X2:20 Y1:1 Y2:2', 1500, 2000],
  ])('has times such as %s', async (line, start, end) => {
    expect(await convert(`1\n${line}\ntext\n`)).toEqual([{ start, end, settings: '', text: 'text' }]);
  });

  it.each([
    '-00:00:01,000 --> 00:00:02,000',
    '00:00:02,000 --> 00:00:02,000',
    '00:00:02,000 --> 00:00:01,000',
    '00:00:01,000 --> -00:00:02,000',
    '00:xx:01,000 --> 00:00:02,000',
    '99999999:00:00,000 --> 99999999:00:01,000',
  ])('loses a cue at %s, and nothing else', async (line) => {
    const file = `1\n00:00:01,000 --> 00:00:02,000\nbefore\n\n2\n${line}\nbad\n\n3\n00:00:03,000 --> 00:00:04,000\nafter`;
    expect(await textsOf(file)).toEqual(['before', 'after']);
  });

  it('needs neither counters nor empty lines, and may have empty lines in cues', async () => {
    const cue = (second: number, text: string) => `00:00:0${second},000 --> 00:00:09,000\n${text}`;
    expect(
      await textsOf(`${cue(1, 'a')}\n${cue(2, 'b')}\n3\n${cue(3, 'c\n\nd\n\n\n')}\n${cue(4, '1984\n')}`),
    ).toEqual(['a', 'b', 'c\nd', '1984']);
  });

  it.each(['\n', '\r\n', '\r'])('has lines that end in %j', async (end) => {
    expect(await textsOf(`${one('a\nb')}\n${one('c')}`.replaceAll('\n', end))).toEqual(['a\nb', 'c']);
  });

  it('is sorted by time, which WebVTT demands', async () => {
    const cue = (second: number) => `00:00:0${second},000 --> 00:00:09,000\n${second}a\n\n`;
    expect(await textsOf([3, 1, 2].map(cue).join(''))).toEqual(['1a', '2a', '3a']);
  });

  it.each([
    ['<i>a</i> <b>b</b> <u>c</u>', '<i>a</i> <b>b</b> <u>c</u>'],
    ['<I>a</I> <em>b</em> <strong>c</strong>', '<i>a</i> <i>b</i> <b>c</b>'],
    ['<font color="#ff0000">a</font><s>b</s>', 'ab'],
    ['<i><b>a</i> b</b>', '<i><b>a</b></i> b'],
    ['<i>never closed', '<i>never closed</i>'],
    ['never opened</i>', 'never opened'],
    ['<i><i>a</i></i>', '<i>a</i>'],
    ['a<br/>b', 'a\nb'],
    ['5 < 6 > 4 & <Laughs> <3', '5 &lt; 6 &gt; 4 &amp; &lt;Laughs&gt; &lt;3'],
    ['&amp; &lt;i&gt; &nbsp; &copy', '&amp; &lt;i&gt; &nbsp; &amp;copy'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a --> b\n10 -> 20', 'a --&gt; b\n10 -&gt; 20'],
    ['<ruby>漢<rt>かん</ruby><rt>x</rt>', '<ruby>漢<rt>かん</rt></ruby>x'],
    ['a\0b\u0007c', 'abc'],
    ['{\\b1}a{\\b0} {not a tag}', 'a {not a tag}'],
  ])('says %j', async (text, expected) => expect(await cueOf(text)).toMatchObject({ text: expected }));

  it('is at the top where it says so', async () => {
    expect(await cueOf('{\\an8}up')).toMatchObject({ settings: 'line:0', text: 'up' });
    expect(await cueOf('{\\an2}down')).toMatchObject({ settings: '', text: 'down' });
  });

  it('without a text is no cue', async () => {
    expect(await convert(`${one('<font></font>\n \n{\\an8}')}\n${one('')}`)).toEqual([]);
  });

  it('moves by an offset, and loses what would be over before the beginning', async () => {
    const file = [1, 3, 5].map((s) => `00:00:0${s},000 --> 00:00:0${s + 1},000\n${s}s\n`).join('\n');
    expect(await convert(file, 'srt', { offset: -3500 })).toEqual([
      { start: 0, end: 500, settings: '', text: '3s' },
      { start: 1500, end: 2500, settings: '', text: '5s' },
    ]);
    expect((await convert(file, 'srt', { offset: 3_600_000 }))[0]).toMatchObject({ start: 3_601_000 });
  });
});

describe('WebVTT', () => {
  it('keeps text and settings, and nothing that decides on the page', async () => {
    const file = `WEBVTT - a title
X-TIMESTAMP-MAP=MPEGTS:0

STYLE
::cue { background: url(http://evil.example/) }

REGION
id:r

NOTE a note
of two lines

an identifier
00:01.000 --> 00:02.000 region:r line:10%,start align:middle position:x size:50% size:60%
<v Fred><c.loud>Hello</c> <00:00:01.500><i.x>you</i>

00:00:03.000 --> 00:00:04.000
a & b
00:00:05.000 --> 00:00:06.000
{\\an8}no empty line before`;
    expect(await convert(file, 'vtt')).toEqual([
      { start: 1000, end: 2000, settings: 'line:10%,start align:center size:60%', text: 'Hello <i>you</i>' },
      { start: 3000, end: 4000, settings: '', text: 'a &amp; b' },
      { start: 5000, end: 6000, settings: 'line:0', text: 'no empty line before' },
    ]);
  });

  it('is known by its first line, whatever it is called', async () => {
    expect(await textsOf('\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\na\n\nNOTE b\n', 'srt')).toEqual(['a']);
  });
});

describe('SubStation Alpha', () => {
  it('becomes plain cues', async () => {
    const file = `[Script Info]
Title: Dialogue: 0,0:00:00.00,0:00:01.00,x
[V4+ Styles]
Format: Name, Fontname
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:03.00,0:00:04.50,Default,,0,0,0,,{\\i1}One{\\i0}, two\\Nthree\\hfour <b> & {\\an8}
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,first
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}
Dialogue: 0,0:00:05.00
Dialogue: 0,what,0:00:06.00,Default,,0,0,0,,x
[Fonts]
Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,not an event`;
    expect(await convert(file, 'ass')).toEqual([
      { start: 1000, end: 2000, settings: '', text: 'first' },
      { start: 3000, end: 4500, settings: 'line:0', text: 'One, two\nthree\u00a0four &lt;b&gt; &amp;' },
    ]);
  });
});

const TEXTS = {
  chinese: '你好，我的朋友。我们今天要去哪里？他说这个地方很漂亮，可是现在没有时间了。',
  traditional: '你好，我的朋友。我們今天要去哪裡？他說這個地方很漂亮，可是現在沒有時間了。',
  japanese: 'こんにちは、今日はどこへ行きますか。この場所はとてもきれいです。',
  korean: '안녕하세요 친구. 오늘 우리는 어디로 갈까요? 이곳은 정말 아름답습니다.',
  russian: 'Привет, мой друг. Куда мы сегодня идём? Здесь очень красиво.',
  polish: 'Cześć, mój przyjacielu. Dokąd dzisiaj idziemy? Święta łąka, żółw.',
  french: 'Où allons-nous aujourd’hui ? C’est très beau, là-bas. Déjà vu, Noël, œuvre.',
  greek: 'Γεια σου φίλε μου. Πού πάμε σήμερα;',
  turkish: 'Bugün nereye gidiyoruz? Çok güzel, değil mi, ışık.',
  hebrew: 'שלום חבר שלי. לאן אנחנו הולכים היום?',
  arabic: 'مرحبا يا صديقي. الى اين نذهب اليوم',
};

describe('the encoding', () => {
  it.each([
    ['chinese', 'gb18030', null],
    ['chinese', 'gb18030', 'zh-Hans'],
    ['chinese', 'gb18030', 'zh-Hant'],
    ['chinese', 'gb18030', 'en'],
    ['traditional', 'big5', null],
    ['traditional', 'big5', 'zh'],
    ['traditional', 'big5', 'zh-TW'],
    ['japanese', 'shift_jis', null],
    ['japanese', 'shift_jis', 'ja'],
    ['korean', 'euc-kr', null],
    ['korean', 'euc-kr', 'ko'],
    ['russian', 'windows-1251', null],
    ['russian', 'windows-1251', 'ru'],
    ['polish', 'windows-1250', 'pl'],
    ['french', 'windows-1252', null],
    ['french', 'windows-1252', 'fr'],
    ['greek', 'windows-1253', 'el'],
    ['turkish', 'windows-1254', 'tr'],
    ['hebrew', 'windows-1255', 'he'],
    ['arabic', 'windows-1256', 'ar'],
  ] as const)('of %s is %s (file name: %s)', async (name, encoding, language) => {
    expect(await textsOf(encodeText(one(TEXTS[name]), encoding), 'srt', { language })).toEqual([TEXTS[name]]);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be'])('is %s by its mark, or without one', async (encoding) => {
    for (const mark of ['', '\ufeff'])
      expect(
        await textsOf(encodeText(mark + one(TEXTS.russian), encoding), 'srt', { language: 'zh' }),
      ).toEqual([TEXTS.russian]);
  });

  it('is UTF-8 though a byte of it is lost', async () => {
    const bytes = Buffer.from(one(TEXTS.chinese + TEXTS.japanese));
    expect(await textsOf(Buffer.concat([bytes.subarray(0, 60), bytes.subarray(61)]))).toEqual([
      expect.stringContaining('こんにちは'),
    ]);
  });

  it('of a text in two languages is that of the other', async () => {
    const text = `Hello, my friend.\n${TEXTS.chinese}`;
    expect(await textsOf(encodeText(one(text), 'gb18030'), 'srt', { language: 'en' })).toEqual([text]);
  });

  it('of a few words is found', async () => {
    expect(await textsOf(encodeText(one('你好，世界'), 'gb18030'))).toEqual(['你好，世界']);
    expect(await textsOf(encodeText(one('Café à la carte, señor'), 'windows-1252'))).toEqual([
      'Café à la carte, señor',
    ]);
  });
});
