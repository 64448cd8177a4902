/**
 * What a test points at: a CSS selector, or a role and a name as assistive technology would tell them.
 * Both are looked for in open shadow roots, too; a selector must match within one root.
 */
export type Target = string | RoleTarget | SelectorTarget;

export interface Narrowing {
  /** Look only inside this one. */
  readonly within?: Target;
  /** Which of several, from 0. Without it, more than one is an error. */
  readonly nth?: number;
  /** Only those whose text contains this. */
  readonly containing?: string;
}

export interface RoleTarget extends Narrowing {
  readonly role: string;
  /** The whole name, spaces collapsed; or a pattern somewhere in it. */
  readonly name?: string | RegExp;
}

export interface SelectorTarget extends Narrowing {
  readonly selector: string;
}

export function byRole(role: string, name?: string | RegExp, narrowing: Narrowing = {}): RoleTarget {
  return { role, ...(name !== undefined && { name }), ...narrowing };
}

export function bySelector(selector: string, narrowing: Narrowing = {}): SelectorTarget {
  return { selector, ...narrowing };
}

/** As an error message names it. */
export function describeTarget(target: Target): string {
  if (typeof target === 'string') return target;
  const { nth, within, containing } = target;
  const parts = 'role' in target ? [target.role] : [target.selector];
  if ('name' in target && target.name !== undefined)
    parts.push(typeof target.name === 'string' ? JSON.stringify(target.name) : `${target.name}`);
  if (containing !== undefined) parts.push(`containing ${JSON.stringify(containing)}`);
  if (nth !== undefined) parts.push(`number ${nth}`);
  if (within !== undefined) parts.push(`within ${describeTarget(within)}`);
  return parts.join(' ');
}

/** As a script in the page can receive it: patterns are not JSON. */
export function portable(target: Target): object {
  if (typeof target === 'string') return { selector: target };
  const within = target.within === undefined ? {} : { within: portable(target.within) };
  if ('selector' in target) return { ...target, ...within };
  const { name } = target;
  const pattern = name instanceof RegExp ? { source: name.source, flags: name.flags } : undefined;
  return { ...target, ...within, ...(pattern && { name: undefined, pattern }) };
}
