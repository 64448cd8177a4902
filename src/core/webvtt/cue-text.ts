/**
 * Tags that mean the same in SubRip and in WebVTT and can be shown without a style sheet (W3C WebVTT §4.2.2). Classes,
 * voices and languages change nothing without one, and go.
 */
const KEPT = new Map([
  ['i', 'i'],
  ['em', 'i'],
  ['b', 'b'],
  ['strong', 'b'],
  ['u', 'u'],
  ['ruby', 'ruby'],
  ['rt', 'rt'],
]);

/** Tags of which only the content is kept. Anything else in angle brackets is text: `<Laughs>`. */
const DROPPED = new Set(['font', 's', 'strike', 'span', 'p', 'c', 'v', 'lang']);

/** Character references that WebVTT and SubRip writers use; an ampersand elsewhere is one. */
const REFERENCE = '&(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#\\d{1,7}|#x[\\da-fA-F]{1,6});';

/** Every piece of a tag is bounded, so that no text costs more than its length. */
const MARKUP = new RegExp(
  `<(/?)([a-zA-Z]{1,6})(?![a-zA-Z])([^<>]{0,200})>|<[\\d:.]{5,15}>|${REFERENCE}|[<>&]`,
  'g',
);
/** Override blocks of SubStation, which SubRip files have too: `{\an8}`. */
const OVERRIDES = /\{\\[^{}]{0,500}\}/g;

const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Cue text whose lines may have tags, made valid: known tags are kept and closed, what is no tag is escaped. */
export function cueText(text: string): string {
  const open: string[] = [];
  const marked = withoutControls(text)
    .replace(OVERRIDES, '')
    .replace(
      MARKUP,
      (found, slash: string | undefined, name: string | undefined, rest: string | undefined) => {
        if (name === undefined)
          return found.length === 1 ? ESCAPES[found]! : found.startsWith('&') ? found : '';
        const tag = name.toLowerCase();
        const kept = KEPT.get(tag);
        if (tag === 'br') return '\n';
        if (kept) return slash ? close(open, kept) : begin(open, kept);
        return DROPPED.has(tag) ? '' : `&lt;${slash}${name}${escapeText(rest!)}&gt;`;
      },
    );
  return withoutEmptyLines(marked + endTags(open));
}

/** Cue text of a form that has no tags. */
export function plainText(text: string): string {
  return withoutEmptyLines(escapeText(withoutControls(text)));
}

/** Where SubStation's numbered positions are at the top: 7 to 9, as on a keypad. */
export function positionOf(text: string): string {
  return /\{[^{}]{0,500}\\an[789]/.test(text) ? 'line:0' : '';
}

function begin(open: string[], tag: string): string {
  const isMisplaced = open.includes(tag) || (tag === 'rt' && open.at(-1) !== 'ruby');
  if (isMisplaced) return '';
  open.push(tag);
  return `<${tag}>`;
}

/** Ends a tag, and those within it. */
function close(open: string[], tag: string): string {
  const at = open.indexOf(tag);
  return at < 0 ? '' : endTags(open.splice(at));
}

function endTags(tags: readonly string[]): string {
  return tags
    .map((tag) => `</${tag}>`)
    .reverse()
    .join('');
}

function escapeText(text: string): string {
  return text.replace(/[<>&]/g, (character) => ESCAPES[character]!);
}

/** NUL is forbidden in WebVTT (§4.1), and the others mean nothing in captions. */
function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]/g, '');
}

/** An empty line ends a cue. */
function withoutEmptyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
