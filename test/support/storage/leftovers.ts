import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** What writes have left behind below a root: everything in the state folder, and temporary files elsewhere. */
export async function leftoversOf(root: string, state = path.join(root, '.playhead')): Promise<string[]> {
  const [below, kept] = await Promise.all([filesBelow(root), filesBelow(state)]);
  return [
    ...below.filter((name) => /(?:^|\/)\.playhead-[^/]*\.tmp/.test(name) && !name.startsWith('.playhead/')),
    ...kept.filter((name) => /^(?:tmp|journal)\//.test(name)),
  ].sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}
