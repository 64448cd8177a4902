/** What the paths of stored bytes begin with, behind the prefix of a signed link. */
const FILES = /^((?:\/l\/[^/]+)?)\/files\//;

/**
 * Leads relative links of a document to the page and relative pictures to their bytes; opens others in a tab of their own.
 * A picture from elsewhere would tell its server who reads this: a link stands in its place.
 * @param file the URL of the document's bytes
 */
export function adaptLinks(fragment: DocumentFragment, file: string): void {
  const document_ = new URL(file, location.origin);
  for (const anchor of fragment.querySelectorAll('a[href]')) {
    const target = resolved(anchor.getAttribute('href') ?? '', document_);
    if (target?.origin === location.origin && FILES.test(target.pathname)) {
      anchor.setAttribute('href', target.pathname.replace(FILES, '$1/browse/'));
    } else if (target && /^(?:https?|mailto):$/.test(target.protocol)) {
      anchor.setAttribute('target', '_blank');
      anchor.setAttribute('rel', 'noopener noreferrer');
    } else anchor.removeAttribute('href');
  }
  for (const image of fragment.querySelectorAll('img')) {
    const target = resolved(image.getAttribute('src') ?? '', document_);
    if (target?.origin === location.origin && FILES.test(target.pathname)) image.src = target.pathname;
    else image.replaceWith(linkTo(target, image.alt));
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
