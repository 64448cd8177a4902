import type { Attachment } from 'svelte/attachments';

/** Milliseconds. */
const LONG = 450;

/** Tells of fingers and pens that stay where they are. The click that may follow is none. */
export function longPress(onpress: (target: Element) => void): Attachment<HTMLElement> {
  return (node) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wasLong = false;
    const end = () => clearTimeout(timer);
    const listeners: Partial<Record<keyof HTMLElementEventMap, (event: never) => void>> = {
      pointerdown: (event: PointerEvent) => {
        wasLong = false;
        if (event.pointerType === 'mouse') return;
        timer = setTimeout(() => {
          wasLong = true;
          onpress(event.target as Element);
        }, LONG);
      },
      pointerup: end,
      // As when the finger scrolls.
      pointercancel: end,
      click: (event: MouseEvent) => {
        if (!wasLong) return;
        wasLong = false;
        event.preventDefault();
        event.stopPropagation();
      },
    };
    for (const [name, listener] of Object.entries(listeners))
      node.addEventListener(name, listener as EventListener, { capture: true });
    return () => {
      end();
      for (const [name, listener] of Object.entries(listeners))
        node.removeEventListener(name, listener as EventListener, { capture: true });
    };
  };
}
