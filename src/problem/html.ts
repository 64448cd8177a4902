import { hash } from 'node:crypto';

const STYLE =
  ':root{color-scheme:light dark;font:1rem/1.6 system-ui,sans-serif}body{max-width:40rem;margin:4rem auto;padding:0 1rem;overflow-wrap:anywhere}';

/** Of small pages: nothing is loaded and no script runs; the one style is known by its digest (CSP Level 3 §2.3.1). */
export const SMALL_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Text with `code` marked up. */
export function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/**
 * A page that is whole in itself; it goes with {@link SMALL_PAGE_POLICY}.
 * @param title plain text
 * @param content HTML
 */
export function smallPage(title: string, content: string): string {
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>${escapeHtml(title)} · Playhead</title><style>${STYLE}</style><h1>${escapeHtml(title)}</h1>${content}</html>`
  );
}
