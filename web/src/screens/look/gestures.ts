import type { Attachment } from 'svelte/attachments';
import { kept, zoomed, type Size, type View } from './zoom.ts';

interface Subject {
  view(): View;
  move(view: View): void;
  /** Undefined as long as there is no picture. */
  size(): { readonly picture: Size; readonly frame: Size } | undefined;
  /** A swipe over a picture that is not zoomed: 1 to the next, -1 to the one before. */
  swipe(by: 1 | -1): void;
  /** A double click or tap, from the middle of the frame. */
  toggle(point: { x: number; y: number }): void;
}

/** CSS pixels a finger goes before it is a swipe. */
const SWIPE = 60;
/** Milliseconds between two taps that are one gesture. */
const DOUBLE = 300;

/** Wheel, mouse and fingers on a picture. */
export function gestures(subject: Subject): Attachment<HTMLElement> {
  return (node) => {
    const pointers = new Map<number, { x: number; y: number }>();
    const gone = new AbortController();
    let begin: { x: number; y: number } | undefined;
    let tapped = 0;

    const at = (event: PointerEvent | WheelEvent) => {
      const box = node.getBoundingClientRect();
      return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    };
    const zoom = (factor: number, point: { x: number; y: number }) => {
      const size = subject.size();
      if (size) subject.move(zoomed(subject.view(), factor, point, size.picture, size.frame));
    };

    function down(event: PointerEvent): void {
      if ((event.target as Element).closest('button, a') || event.button !== 0) return;
      node.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      begin = pointers.size === 1 ? at(event) : undefined;
    }

    function move(event: PointerEvent): void {
      const before = pointers.get(event.pointerId);
      const size = subject.size();
      if (!before || !size) return;
      const now = at(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      if (other) {
        const distance = (from: { x: number; y: number }) => Math.hypot(from.x - other.x, from.y - other.y);
        zoom(distance(now) / Math.max(1, distance(before)), {
          x: (now.x + other.x) / 2,
          y: (now.y + other.y) / 2,
        });
      } else if (subject.view().scale > 1) {
        const { scale, x, y } = subject.view();
        subject.move(
          kept({ scale, x: x + now.x - before.x, y: y + now.y - before.y }, size.picture, size.frame),
        );
      }
    }

    function up(event: PointerEvent): void {
      if (!pointers.delete(event.pointerId) || event.type === 'pointercancel' || !begin) return;
      const now = at(event);
      const [x, y] = [now.x - begin.x, now.y - begin.y];
      begin = undefined;
      if (subject.view().scale === 1 && Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y))
        subject.swipe(x < 0 ? 1 : -1);
      else if (Math.hypot(x, y) < 10) {
        if (event.timeStamp - tapped < DOUBLE) subject.toggle(now);
        tapped = event.timeStamp;
      }
    }

    function wheel(event: WheelEvent): void {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), at(event));
    }

    const { signal } = gone;
    node.addEventListener('pointerdown', down, { signal });
    node.addEventListener('pointermove', move, { signal });
    node.addEventListener('pointerup', up, { signal });
    node.addEventListener('pointercancel', up, { signal });
    node.addEventListener('wheel', wheel, { signal, passive: false });
    return () => gone.abort();
  };
}
