/** Whether a path is a folder itself, or something below it. Everything is within the root. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
