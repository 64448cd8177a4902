import { InvalidPathError, objectKey, type ObjectKey } from '../core/path/index.js';

/**
 * Where a file of a form goes: below the folder, in the folders that its name has. Nothing of a name is changed: what
 * cannot be kept as it is, is refused.
 * @throws InvalidPathError
 */
export function formKey(folder: ObjectKey, name: string): ObjectKey {
  // What the decoder puts in the place of bytes that mean nothing.
  if (name.includes('\ufffd')) throw new InvalidPathError('The file name is not valid UTF-8.');
  if (name.includes('\\'))
    throw new InvalidPathError('The file name has a backslash; folders are parted by "/".');
  if (name.startsWith('/'))
    throw new InvalidPathError('The file name is a path from the root; name it from the folder.');
  return objectKey([...(folder === '' ? [] : folder.split('/')), ...name.split('/')]);
}
