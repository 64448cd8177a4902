import { joinPath } from '../lib/paths.ts';

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** What a crumb takes at least until its name means nothing, in CSS pixels. */
const CRUMB = 120;
const HOME_AND_MENU = 120;

/** The folders of a path below the root, first those that there is no room for in this width, then the others. The last is always shown. */
export function crumbsOf(
  path: string,
  width: number,
  root = '',
): { behind: readonly Crumb[]; shown: readonly Crumb[] } {
  const all: Crumb[] = [];
  const below = root === '' ? path : path.slice(root.length + 1);
  for (const name of below === '' ? [] : below.split('/'))
    all.push({ name, path: joinPath(all.at(-1)?.path ?? root, name) });
  const room = Math.max(1, Math.floor((width - HOME_AND_MENU) / CRUMB));
  const behind = all.length > room ? all.length - room : 0;
  return { behind: all.slice(0, behind), shown: all.slice(behind) };
}
