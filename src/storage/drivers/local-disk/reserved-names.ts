/** The folder in the root that holds the driver's own state. */
export const STATE_FOLDER = '.playhead';

/** The folder for the trash of a file system that the state folder is not on, in the topmost folder of that. */
export const TRASH_FOLDER = '.playhead-trash';

const RESERVED = /(?:^|[/\\])\.playhead(?:-trash|-[^/\\]*\.tmp)?(?:[/\\]|$)/;

/**
 * Whether a path has the name of a state folder, a trash or a temporary file in it. Anywhere: in a folder below there may be the
 * state of another server, which serves that folder. Letter case counts, on systems where it does not count as well.
 */
export function isReserved(path: string): boolean {
  return path.includes('.playhead') && RESERVED.test(path);
}
