/** The folder in the root that holds the driver's own state. */
export const STATE_FOLDER = '.playhead';

const RESERVED = /(?:^|[/\\])\.playhead(?:-[^/\\]*\.tmp)?(?:[/\\]|$)/;

/**
 * Whether a path has the name of a state folder or of a temporary file in it. Anywhere: in a folder below there may be the
 * state of another server, which serves that folder. Letter case counts, on systems where it does not count as well.
 */
export function isReserved(path: string): boolean {
  return path.includes('.playhead') && RESERVED.test(path);
}
