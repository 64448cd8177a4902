import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { StartError } from './start-error.js';

/** Makes sure that there is something to serve before the port is taken. @throws StartError */
export async function checkRoot(root: string): Promise<void> {
  const stats = await stat(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') throw unreadable(root);
    throw new StartError(`there is no folder ${root}; name an existing one: playhead DIR`);
  });
  if (!stats.isDirectory())
    throw new StartError(`${root} is not a folder; name the folder that holds the file`);
  await access(root, constants.R_OK | constants.X_OK).catch(() => {
    throw unreadable(root);
  });
}

function unreadable(root: string): StartError {
  return new StartError(
    `the folder ${root} cannot be read; give this account permission to read and enter it`,
  );
}
