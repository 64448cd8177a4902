import type { Found } from './walk.ts';

/** Lets somebody choose files, or a folder with all that is in it. Must be called while a press is handled. */
export function choose(what: 'files' | 'folder', chosen: (found: readonly Found[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.hidden = true;
  if (what === 'files') input.multiple = true;
  else input.webkitdirectory = true;
  input.addEventListener('change', () => {
    chosen(foundIn(input.files ?? []));
    input.remove();
  });
  input.addEventListener('cancel', () => input.remove());
  // Safari forgets the answer of one that is in no document.
  document.body.append(input);
  input.click();
}

/** Files as inputs and the clipboard have them; those of a chosen folder with their way from there. */
export function foundIn(files: Iterable<File>): readonly Found[] {
  return [...files].map((file) => ({
    kind: 'file',
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    file,
  }));
}
