import DOMPurify from 'dompurify';
import type { Attachment } from 'svelte/attachments';

/** What would take names, keys or looks of the page itself, or fetch something. */
const FORBIDDEN = [
  'style',
  'id',
  'name',
  'srcset',
  'background',
  'poster',
  'tabindex',
  'accesskey',
  'popover',
];

/**
 * Fills an element with HTML of which only what is harmless is left.
 * @param classes whether it may have classes: those of the page could put it over the page
 * @param adapt what is done with it before it is shown
 */
export function sanitised(
  html: string,
  { classes = false, adapt }: { classes?: boolean; adapt?: (fragment: DocumentFragment) => void } = {},
): Attachment<HTMLElement> {
  return (node) => {
    const fragment = DOMPurify.sanitize(html, {
      RETURN_DOM_FRAGMENT: true,
      USE_PROFILES: { html: true },
      FORBID_TAGS: [
        'style',
        'dialog',
        'form',
        'input',
        'button',
        'textarea',
        'select',
        'audio',
        'video',
        'source',
        'track',
      ],
      FORBID_ATTR: [...FORBIDDEN, ...(classes ? [] : ['class'])],
    });
    adapt?.(fragment);
    node.replaceChildren(fragment);
  };
}
