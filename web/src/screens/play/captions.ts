/** A subtitle file as the server lists it. */
export interface Sidecar {
  readonly name: string;
  /** BCP 47. */
  readonly language: string | null;
  readonly label: string | null;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
  readonly default: boolean;
  readonly links: { readonly webvtt: string };
}

/** Captions that can be chosen. */
export interface Caption {
  /** What the choice is remembered by: the same for the same language of another film. */
  readonly id: string;
  readonly src: string;
  readonly label: string;
  /** Empty where it is not known. */
  readonly language: string;
  readonly forced: boolean;
}

export interface CaptionTexts {
  readonly forced: string;
  readonly hearingImpaired: string;
}

/** Captions with labels that people can tell apart: the language by its name, then what else there is to say. */
export function captionsOf(
  sidecars: readonly Sidecar[],
  nameOf: (language: string) => string | undefined,
  texts: CaptionTexts,
): readonly Caption[] {
  const taken = new Map<string, number>();
  return sidecars.map(({ name, language, label, forced, hearingImpaired, links }) => {
    const spoken = language === null ? undefined : nameOf(language);
    const extras = [
      spoken && label !== spoken ? label : undefined,
      forced && texts.forced,
      hearingImpaired && texts.hearingImpaired,
    ].filter(Boolean);
    const main = spoken ?? label ?? name;
    const text = extras.length > 0 ? `${main} (${extras.join(', ')})` : main;
    const count = (taken.get(text) ?? 0) + 1;
    taken.set(text, count);
    return {
      id: [language ?? label ?? name, forced && 'forced', hearingImpaired && 'sdh'].filter(Boolean).join(' '),
      src: links.webvtt,
      label: count > 1 ? `${text} ${count}` : text,
      language: language ?? '',
      forced,
    };
  });
}

/**
 * Which captions to show at first: those chosen last, in the same language at least; where nobody has chosen, those that
 * the film says are needed. @param remembered `off`, empty, or the `id` of a caption
 */
export function preferredCaption(
  captions: readonly Caption[],
  remembered: string,
  languages: readonly string[],
): Caption | undefined {
  if (remembered === 'off') return undefined;
  if (remembered !== '') {
    const same = captions.find(({ id }) => id === remembered);
    const wanted = primary(remembered);
    return (
      same ??
      captions.find(({ language, forced }) => !forced && language !== '' && primary(language) === wanted)
    );
  }
  const forced = captions.filter((caption) => caption.forced);
  return (
    forced.find(({ language }) => languages.some((tag) => primary(tag) === primary(language))) ?? forced[0]
  );
}

/** Those in the languages that somebody reads come first, each in the order of the languages. */
export function preferredFirst(
  captions: readonly Caption[],
  languages: readonly string[],
): readonly Caption[] {
  const wanted = languages.map(primary);
  const rank = ({ language }: Caption) => {
    const at = language === '' ? -1 : wanted.indexOf(primary(language));
    return at < 0 ? wanted.length : at;
  };
  return captions.toSorted((one, other) => rank(one) - rank(other));
}

/** `zh` of `zh-Hans forced`. */
function primary(tag: string): string {
  return tag.toLowerCase().split(/[- ]/)[0] ?? '';
}
