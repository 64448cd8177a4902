import type { EntryKind } from '../browse/entry-kind.js';
import { escapeHtml } from '../problem/html.js';

/** What is told of something shared to those who preview its link: chats, search engines, other sites. */
export interface SharedEntry {
  readonly title: string;
  readonly kind: EntryKind;
  readonly mediaType: string | null;
  /** Absolute, as all of these. */
  readonly url: string;
  /** A picture of it. */
  readonly image?: string | undefined;
  /** What plays. */
  readonly media?: string | undefined;
}

const TYPES: Partial<Readonly<Record<EntryKind, string>>> = { video: 'video.other', audio: 'music.song' };

/** No search engine is to list what is behind a link. */
export const NOT_LISTED = '<meta name="robots" content="noindex">';

/** What stands in the head of a page that shows something shared: Open Graph (https://ogp.me), and what X reads besides. */
export function shareHead({ title, kind, mediaType, url, image, media }: SharedEntry): string {
  const properties: [string, string | null | undefined][] = [
    ['og:title', title],
    ['og:site_name', 'Playhead'],
    ['og:type', TYPES[kind] ?? 'website'],
    ['og:url', url],
    ['og:image', image],
  ];
  if (media !== undefined) properties.push([`og:${kind}`, media], [`og:${kind}:type`, mediaType]);
  const tags = properties.flatMap(([name, value]) =>
    value ? [`<meta property="${name}" content="${escapeHtml(value)}">`] : [],
  );
  const card = image === undefined ? 'summary' : 'summary_large_image';
  return [
    `<title>${escapeHtml(title)}</title>`,
    NOT_LISTED,
    ...tags,
    `<meta name="twitter:card" content="${card}">`,
  ].join('\n');
}

/** The place for it in the HTML that the build makes. */
const PLACE = '<!--head-->';

/** The HTML of the build with this in its head, whose title gives way to another. */
export function withHead(index: string, head: string): string {
  const html = head.includes('<title>') ? index.replace(/<title>[^<]*<\/title>\s*/i, '') : index;
  const place = html.includes(PLACE) ? PLACE : '</head>';
  // By a function: in a text, `$&` would mean something.
  return html.replace(place, () => (place === PLACE ? head : head + place));
}
