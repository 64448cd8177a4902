import { describe, expect, it } from '@jest/globals';
import { isForAnother, nameBeside, stemOf } from './film-name.js';
import { languageOf } from './languages.js';
import { parseSubtitleName } from './subtitle-name.js';

describe('a language', () => {
  it.each([
    ...[
      ['en', 'en'],
      ['EN', 'en'],
      ['eng', 'en'],
      ['English', 'en'],
      ['ger', 'de'],
      ['deu', 'de'],
      ['Deutsch', 'de'],
    ],
    ...[
      ['pt-BR', 'pt-BR'],
      ['pt-br', 'pt-BR'],
      ['pob', 'pt-BR'],
      ['es-419', 'es-419'],
      ['zh-hans', 'zh-Hans'],
    ],
    ...[
      ['chs', 'zh-Hans'],
      ['简体', 'zh-Hans'],
      ['cht', 'zh-Hant'],
      ['繁體', 'zh-Hant'],
      ['chi', 'zh'],
      ['中文', 'zh'],
    ],
    ...[
      ['日本語', 'ja'],
      ['jp', 'ja'],
      ['한국어', 'ko'],
      ['русский', 'ru'],
      ['français', 'fr'],
      ['Français', 'fr'],
    ],
    ...[
      ['cz', 'cs'],
      ['gr', 'el'],
      ['dut', 'nl'],
      ['fil', 'fil'],
      ['yue', 'yue'],
    ],
  ])('is meant by %s: %s', (word, tag) => expect(languageOf(word)).toBe(tag));

  it.each([
    '',
    'x',
    'xx',
    'qqq',
    'war',
    'new',
    'sdh',
    'forced',
    'commentary',
    '2',
    '1080p',
    'en-',
    '-',
    'a'.repeat(400),
    '__proto__',
  ])('is not meant by %j', (word) => expect(languageOf(word)).toBeNull());
});

describe('the name of a subtitle file', () => {
  const plain = { language: null, label: null, forced: false, hearingImpaired: false, default: false };

  it.each([
    ['', {}],
    ['.en', { language: 'en' }],
    ['.zh-Hans.forced', { language: 'zh-Hans', forced: true }],
    ['.hi', { language: 'hi' }],
    ['.en.hi', { language: 'en', hearingImpaired: true }],
    ['.hi.sdh', { language: 'hi', hearingImpaired: true }],
    ['.default.cc.English', { language: 'en', hearingImpaired: true, default: true }],
    ['.chs&eng', { language: 'zh-Hans', label: 'eng' }],
    ['.en.Director’s commentary', { language: 'en', label: 'Director’s commentary' }],
    ['.eng-sdh', { language: 'en', hearingImpaired: true }],
    ['.1', {}],
    [' (English) [Forced]', { language: 'en', forced: true }],
  ])('%s behind that of the film', (rest, found) =>
    expect(parseSubtitleName(rest, false)).toEqual({ ...plain, ...found }),
  );

  it.each([
    ['2_English', { language: 'en' }],
    ['My.Name.Is.No.One.2010', { label: 'My Name Is No One 2010' }],
    ['My.Name.Is.No.One.2010.de.forced', { language: 'de', forced: true, label: 'My Name Is No One 2010' }],
  ])('%s by itself', (name, found) => expect(parseSubtitleName(name, true)).toEqual({ ...plain, ...found }));

  it.each([
    ['film.mp4', 'film.srt', true],
    ['film.mp4', 'FILM.en.srt', true],
    ['film.mp4', 'film_en.srt', true],
    ['film.mp4', 'film - English.srt', true],
    ['film.mp4', 'film 2.srt', false],
    ['film.mp4', 'film-extra.en.srt', false],
    ['film.mp4', 'films.srt', false],
    ['film.mp4', 'fil.srt', false],
    ['f.a.mp4', 'f.en.srt', false],
    ['Cafe\u0301.mp4', 'CAF\u00c9.en.srt', true],
  ])('of %s may be %s: %s', (film, file, expected) =>
    expect(nameBeside(stemOf(file), stemOf(film)) !== undefined).toBe(expected),
  );

  it('is for the film whose name is longest', () => {
    const others = new Set(['film.part 2', 'fil']);
    expect(isForAnother('film.PART 2.en', 'film', others)).toBe(true);
    expect(isForAnother('film.part 3.en', 'film', others)).toBe(false);
    expect(isForAnother('film', 'film', others)).toBe(false);
  });
});
