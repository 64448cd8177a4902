import type { Closers } from './closers.js';
import { type ProcessGroup, startGroup } from './process-group.js';
import type { Profile } from './profile.js';
import { pathOf } from './programs.js';
import { untilUp } from './until-up.js';

/** A virtual screen of our own, large enough for any window a test asks for; returns how to reach it. */
export async function startDisplay(profile: Profile, closers: Closers): Promise<NodeJS.ProcessEnv> {
  const switches = ['-displayfd', '3', '-screen', '0', '1920x1400x24', '-nolisten', 'tcp'];
  const server = startGroup(pathOf('Xvfb'), switches, { ...profile, descriptor3: 'pipe' });
  closers.add(() => server.stop());
  return { DISPLAY: `:${await displayNumber(server)}` };
}

/** Xvfb looks for a free number itself and writes it as a line once clients may connect. */
async function displayNumber(server: ProcessGroup): Promise<string> {
  let written = '';
  server.descriptor3?.on('data', (chunk: Buffer) => (written += chunk.toString()));
  await untilUp(server, () => {
    if (!written.endsWith('\n')) throw new Error('Xvfb has not told its display number');
  });
  server.descriptor3?.destroy();
  return written.trim();
}
