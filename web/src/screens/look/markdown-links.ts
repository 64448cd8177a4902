/** What the paths of stored bytes begin with, behind the prefix of a signed link. */
const FILES = /^((?:\/l\/[^/]+)?)\/files\//;

/**
 * Leads relative links of a document to the page and relative pictures to their bytes; opens others in a tab of their own.
 * A picture from elsewhere would tell its server who reads this: a link stands in its place.
 * @param file the URL of the document's bytes
 */
export function adaptLinks(fragment: DocumentFragment, file: string): void {
  const document_ = new URL(file, location.origin);
  const headings = new Map(
    [...fragment.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => [
      slugOf(heading.textContent),
      heading,
    ]),
  );
  for (const anchor of fragment.querySelectorAll('a[href]')) {
    const written = anchor.getAttribute('href') ?? '';
    if (written.startsWith('#')) {
      leadTo(anchor, headings.get(slugOf(decoded(written.slice(1)))));
      continue;
    }
    const target = resolved(written, document_);
    if (target?.origin === location.origin && FILES.test(target.pathname)) {
      anchor.setAttribute('href', target.pathname.replace(FILES, '$1/browse/'));
    } else if (target && /^(?:https?|mailto):$/.test(target.protocol)) {
      anchor.setAttribute('target', '_blank');
      anchor.setAttribute('rel', 'noopener noreferrer');
    } else anchor.removeAttribute('href');
  }
  for (const image of fragment.querySelectorAll('img')) {
    // Without an address of its own it would be the document.
    const source = image.getAttribute('src');
    const target = source ? resolved(source, document_) : undefined;
    if (target?.origin === location.origin && FILES.test(target.pathname)) image.src = target.pathname;
    else image.replaceWith(linkTo(target, image.alt));
  }
}

/** As GitHub and others make the name of a heading: `What's new?` is `whats-new`. */
function slugOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** To a heading of the same document, which has no name that a URL could lead to: names are the page's own. */
function leadTo(anchor: Element, heading: Element | undefined): void {
  if (!heading) {
    anchor.removeAttribute('href');
    return;
  }
  anchor.addEventListener('click', (event) => {
    event.preventDefault();
    heading.setAttribute('tabindex', '-1');
    heading.scrollIntoView();
    (heading as HTMLElement).focus({ preventScroll: true });
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function resolved(text: string, from: URL): URL | undefined {
  return URL.canParse(text, from) ? new URL(text, from) : undefined;
}

function linkTo(target: URL | undefined, text: string): Node {
  if (!target || !/^https?:$/.test(target.protocol)) return document.createTextNode(text);
  const anchor = document.createElement('a');
  anchor.href = target.href;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  anchor.textContent = text || target.href;
  return anchor;
}
