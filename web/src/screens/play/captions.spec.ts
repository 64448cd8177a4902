import { describe, expect, it } from '@jest/globals';
import { captionsOf, preferredCaption, preferredFirst, type Sidecar } from './captions.ts';

const TEXTS = { forced: 'foreign parts only', hearingImpaired: 'with sounds' };
const NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  'zh-Hans': 'Simplified Chinese',
  de: 'German',
};

function sidecar(language: string | null, more: Partial<Sidecar> = {}): Sidecar {
  return {
    name: 'film.srt',
    language,
    label: null,
    forced: false,
    hearingImpaired: false,
    default: false,
    links: { webvtt: `/${language ?? 'none'}${JSON.stringify(more)}` },
    ...more,
  };
}
const captions = (...sidecars: readonly Sidecar[]) => captionsOf(sidecars, (tag) => NAMES[tag], TEXTS);

describe('labels', () => {
  it('name the language, and what else there is to say', () => {
    const labels = captions(
      sidecar('en'),
      sidecar('en', { hearingImpaired: true }),
      sidecar('en', { forced: true, label: 'Signs' }),
      sidecar('xx', { label: 'Klingon' }),
      sidecar(null),
    ).map(({ label }) => label);
    expect(labels).toEqual([
      'English',
      'English (with sounds)',
      'English (Signs, foreign parts only)',
      'Klingon',
      'film.srt',
    ]);
  });

  it('are never the same twice', () => {
    expect(captions(sidecar('en'), sidecar('en')).map(({ label }) => label)).toEqual([
      'English',
      'English 2',
    ]);
  });
});

describe('the captions shown at first', () => {
  const all = captions(
    sidecar('de'),
    sidecar('en'),
    sidecar('zh-Hans', { forced: true }),
    sidecar('zh-Hans'),
  );

  it('are none where nobody has chosen, unless some are needed', () => {
    expect(preferredCaption(all.slice(0, 2), '', ['en'])).toBeUndefined();
    expect(preferredCaption(all, '', ['zh-CN'])).toBe(all[2]);
  });

  it('are those chosen last, or in the same language', () => {
    expect(preferredCaption(all, 'zh-Hans', ['en'])).toBe(all[3]);
    expect(preferredCaption(all, 'en sdh', ['de'])).toBe(all[1]);
    expect(preferredCaption(all, 'zh-Hant', ['en'])).toBe(all[3]);
    expect(preferredCaption(all, 'fr', ['de'])).toBeUndefined();
  });

  it('are none where they were put off', () => {
    expect(preferredCaption(all, 'off', ['zh'])).toBeUndefined();
  });

  it('stand first in the list in the languages that somebody reads', () => {
    expect(preferredFirst(all, ['zh-CN', 'en-US']).map(({ language }) => language)).toEqual([
      'zh-Hans',
      'zh-Hans',
      'en',
      'de',
    ]);
  });
});
