import { ROOT_KEY, type ObjectKey } from '../path/index.js';
import { foldPath } from './fold-path.js';
import { PERMISSIONS, type AccessRule, type Permission } from './permission.js';

const BITS: Readonly<Record<Permission, number>> = { read: 1, write: 2, delete: 4, admin: 8 };
const ALL = 15;

/** What is allowed from a folded path on, as bits. */
type Masks = ReadonlyMap<string, number>;

/**
 * What one person may do, compiled from the rules about them and the rules about everybody.
 *
 * A rule holds for its path and all below it: whole segments, without regard to letter case. Of the rules about the
 * same person the one with the longest path holds, alone. The two kinds combine so: where the rule about the person
 * has a path as long as that about everybody, or longer, it holds alone, and so it can take away; where the rule about
 * everybody has the longer path, the person may do what either allows. A person may thus do all that everybody may,
 * unless a rule about them says otherwise at least as precisely; and what is closed to everybody stays open to them.
 *
 * Asking costs one comparison where a single rule covers everything, otherwise one look-up for each segment of the
 * path, up to as many as the longest rule has.
 */
export class AccessRules {
  readonly #masks: Masks;
  /** Folded paths of folders that may not be read and lead to something that may. */
  readonly #leading: ReadonlySet<string>;
  /** What is allowed everywhere, where there is one rule. */
  readonly #everywhere: number | undefined;
  readonly #somewhere: number;
  /** Segments of the longest rule. */
  readonly #depth: number;

  /** @param own about the person; @param everybody about all. Of two rules for the same path the later one counts. */
  constructor(own: readonly AccessRule[], everybody: readonly AccessRule[] = []) {
    const mine = toMasks(own);
    const shared = toMasks(everybody);
    const paths = [...new Set(['', ...mine.keys(), ...shared.keys()])];
    this.#depth = Math.max(...paths.map((path) => (path === '' ? 0 : path.split('/').length)));
    this.#masks = new Map(paths.map((path) => [path, combine(path, mine, shared, this.#depth)]));
    this.#everywhere = this.#masks.size === 1 ? this.#masks.get('') : undefined;
    this.#somewhere = [...this.#masks.values()].reduce((all, mask) => all | mask, 0);
    this.#leading = leadingTo(this.#masks);
  }

  may(permission: Permission, key: ObjectKey): boolean {
    return (this.#maskAt(key) & BITS[permission]) !== 0;
  }

  /** Whether it may be done with this and everything below it: what moving, copying or deleting a folder takes. */
  mayThroughout(permission: Permission, key: ObjectKey): boolean {
    if (!this.may(permission, key)) return false;
    if (this.#everywhere !== undefined) return true;
    const below = key === ROOT_KEY ? '' : `${foldPath(key)}/`;
    for (const [path, mask] of this.#masks) {
      if (path.startsWith(below) && (mask & BITS[permission]) === 0) return false;
    }
    return true;
  }

  /** Whether it may be done with anything at all. */
  mayAnywhere(permission: Permission): boolean {
    return (this.#somewhere & BITS[permission]) !== 0;
  }

  /** Whether a listing shows it: it may be read, or it is a folder on the way to something that may. */
  sees(key: ObjectKey): boolean {
    return this.may('read', key) || (this.#leading.size > 0 && this.#leading.has(foldPath(key)));
  }

  /** What is left for somebody who is let in to one path only: to read it and what is below, as far as these rules go. */
  readingBelow(key: ObjectKey): AccessRules {
    const top = foldPath(key);
    const below = key === ROOT_KEY ? '' : `${top}/`;
    const masks = new Map([
      ['', 0],
      [top, this.#maskAt(key)],
    ]);
    for (const [path, mask] of this.#masks) if (path !== '' && path.startsWith(below)) masks.set(path, mask);
    return new AccessRules(
      [...masks].map(([path, mask]) => ({
        path: path as ObjectKey,
        permissions: mask & BITS.read ? ['read'] : [],
      })),
    );
  }

  /** All that may be done with this. */
  permissionsAt(key: ObjectKey): Permission[] {
    const mask = this.#maskAt(key);
    return PERMISSIONS.filter((permission) => (mask & BITS[permission]) !== 0);
  }

  #maskAt(key: ObjectKey): number {
    return this.#everywhere ?? longest(this.#masks, foldPath(key), this.#depth)!.mask;
  }
}

function toMasks(rules: readonly AccessRule[]): Masks {
  return new Map(
    rules.map(({ path, permissions }) => {
      const mask = permissions.reduce((bits, permission) => bits | BITS[permission], 0);
      return [foldPath(path), mask & BITS.admin ? ALL : mask];
    }),
  );
}

function combine(path: string, mine: Masks, shared: Masks, depth: number): number {
  const own = longest(mine, path, depth);
  const common = longest(shared, path, depth);
  if (!own || !common) return (own ?? common)?.mask ?? 0;
  return own.length >= common.length ? own.mask : own.mask | common.mask;
}

/**
 * The rule with the longest path that covers this one. Looks at no more segments than rules have: a path may have
 * thousands.
 */
function longest(masks: Masks, path: string, depth: number): { length: number; mask: number } | undefined {
  const root = masks.get('');
  let found = root === undefined ? undefined : { length: 0, mask: root };
  let end = path === '' ? -1 : 0;
  for (let segment = 0; segment < depth && end >= 0; segment++) {
    end = path.indexOf('/', end === 0 ? 0 : end + 1);
    const prefix = end < 0 ? path : path.slice(0, end);
    const mask = masks.get(prefix);
    if (mask !== undefined) found = { length: prefix.length, mask };
  }
  return found;
}

function leadingTo(masks: Masks): ReadonlySet<string> {
  const leading = new Set<string>();
  for (const [path, mask] of masks) {
    if ((mask & BITS.read) === 0) continue;
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      leading.add(path.slice(0, end));
      if (end === 0) break;
    }
    if (path !== '') leading.add('');
  }
  return leading;
}
