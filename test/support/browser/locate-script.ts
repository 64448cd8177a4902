import { ROLE_FUNCTIONS } from './role-script.js';

/** What the element must be before a script in the page reports it. */
export type Readiness = 'there' | 'visible' | 'enabled' | 'reachable';

/**
 * Looks once for a target. Reports the element, and the point to click where it must be reachable; or why
 * there is none yet. Arguments: the portable target, the readiness.
 */
export const LOCATE = `
  ${ROLE_FUNCTIONS}
  const [target, readiness] = arguments;

  const everyElement = function* (root) {
    for (const element of root.querySelectorAll('*')) {
      yield element;
      if (element.shadowRoot) yield* everyElement(element.shadowRoot);
    }
  };
  const isVisible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  const isToldToAll = (element) =>
    !someAncestor(element, (at) => at.inert || at.getAttribute('aria-hidden') === 'true');
  const isEnabled = (element) =>
    !element.matches(':disabled') && !someAncestor(element, (at) => at.getAttribute('aria-disabled') === 'true');

  const matches = (element, { selector, role, name, pattern, containing }) => {
    if (selector !== undefined && !element.matches(selector)) return false;
    if (role !== undefined && (roleOf(element) !== role || !isToldToAll(element))) return false;
    if (name !== undefined && nameOf(element) !== name) return false;
    if (pattern && !new RegExp(pattern.source, pattern.flags).test(nameOf(element))) return false;
    return containing === undefined || collapsed(contentOf(element, false)).includes(containing);
  };
  /** The one element meant, or an explanation. */
  const find = (target, wanted) => {
    let roots = [document];
    if (target.within) {
      const outer = find(target.within, 'there');
      if (outer.why) return outer;
      roots = outer.element.shadowRoot ? [outer.element.shadowRoot, outer.element] : [outer.element];
    }
    const all = roots
      .flatMap((root) => [...everyElement(root)])
      .filter((element) => matches(element, target));
    const visible = all.filter(isVisible);
    // A role is what a person perceives, so hidden ones do not count.
    const found = wanted === 'there' && target.role === undefined ? all : visible;
    if (target.nth !== undefined && found[target.nth]) return { element: found[target.nth] };
    if (target.nth === undefined && found.length === 1) return { element: found[0] };
    if (found.length > 0) return { why: 'there are ' + found.length + ' of them', count: found.length };
    return { why: all.length > 0 ? 'it is not visible' : 'it is not there' };
  };

  const shown = (element) => element.cloneNode(false).outerHTML.slice(0, 200);
  const settled = async (element) => {
    const place = () => JSON.stringify(element.getBoundingClientRect());
    const before = place();
    // A page that nobody sees paints no frames.
    await Promise.race([
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      new Promise((resolve) => setTimeout(resolve, 100)),
    ]);
    return place() === before;
  };
  /** The middle of the part that is in view. */
  const middle = (element) => {
    const inView = ({ left, right, top, bottom }) => right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    const box = [...element.getClientRects()].find(inView);
    if (!box) return undefined;
    const between = (from, to, end) => Math.floor((Math.max(0, from) + Math.min(end, to)) / 2);
    return { x: between(box.left, box.right, innerWidth), y: between(box.top, box.bottom, innerHeight) };
  };
  const topmostAt = ({ x, y }) => {
    let hit = document.elementFromPoint(x, y);
    for (;;) {
      const inner = hit?.shadowRoot?.elementFromPoint(x, y);
      if (!inner || inner === hit) return hit;
      hit = inner;
    }
  };
  const reach = async (element) => {
    if (!(await settled(element))) return { why: 'it is still moving' };
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (top < 0 || left < 0 || bottom > innerHeight || right > innerWidth)
      element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const point = middle(element);
    if (!point) return { why: 'it cannot be scrolled into view' };
    const hit = topmostAt(point);
    const meant = hit && someAncestor(hit, (at) => at === element || at.control === element);
    return meant ? { element, ...point } : { why: 'it is covered by ' + (hit ? shown(hit) : 'nothing of the page') };
  };

  const result = find(target, readiness);
  if (result.why || readiness === 'there' || readiness === 'visible') return result;
  if (!isEnabled(result.element)) return { why: 'it is disabled: ' + shown(result.element) };
  return readiness === 'reachable' ? reach(result.element) : result;
`;
