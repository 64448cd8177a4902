import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Closers } from './closers.js';

export interface Profile {
  readonly folder: string;
  /** Environment in which everything the browser writes ends up in the folder. */
  readonly env: NodeJS.ProcessEnv;
}

/** A home that no earlier run has left a cache, a cookie or a lock file in. */
export async function freshProfile(name: string, closers: Closers): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), `playhead-${name}-`));
  // Retries: a process that was just killed may still be finishing its last write.
  closers.add(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const inside = (part: string): string => join(folder, part);
  await mkdir(inside('tmp'));
  // GLib refuses a runtime folder that others may enter.
  await mkdir(inside('run'), { mode: 0o700 });
  return {
    folder,
    env: {
      ...process.env,
      HOME: folder,
      TMPDIR: inside('tmp'),
      XDG_CACHE_HOME: inside('cache'),
      XDG_CONFIG_HOME: inside('config'),
      XDG_DATA_HOME: inside('data'),
      XDG_RUNTIME_DIR: inside('run'),
    },
  };
}
