import DOMPurify from 'dompurify';
import type { Attachment } from 'svelte/attachments';

/** Fills an element with HTML of which only what is harmless is left. @param adapt what is done with it before it is shown */
export function sanitised(
  html: string,
  adapt?: (fragment: DocumentFragment) => void,
): Attachment<HTMLElement> {
  return (node) => {
    const fragment = DOMPurify.sanitize(html, {
      RETURN_DOM_FRAGMENT: true,
      USE_PROFILES: { html: true },
      FORBID_TAGS: [
        'style',
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
      FORBID_ATTR: ['style', 'id', 'name', 'srcset', 'background', 'poster'],
    });
    adapt?.(fragment);
    node.replaceChildren(fragment);
  };
}
