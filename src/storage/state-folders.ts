/** Injection token of the {@link StateFolders} in use. */
export const STATE_FOLDERS = Symbol('StateFolders');

/** Folders of the local disk, for what must survive a restart. */
export interface StateFolders {
  /**
   * The path of a folder of this name, made when missing, with mode 0700. Where the storage is the local disk too, the
   * file `name` in it is the staged content `folder/name`.
   * @param name letters, digits, `_` and `-`
   * @throws StorageError; reason `denied` or `unavailable` where the server may write nowhere
   */
  stateFolder(name: string): Promise<string>;
  /** The same, making nothing: undefined when there is none. @throws StorageError */
  existingStateFolder(name: string): Promise<string | undefined>;
}
