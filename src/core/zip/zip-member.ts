/** A file or an empty folder as an archive holds it. */
export interface ZipMember {
  /** Path in the archive, with `/` between its segments and, for a folder, at its end. At most 65535 bytes of UTF-8. */
  readonly name: string;
  /** In bytes, exactly; 0 for a folder. */
  readonly size: number;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly modified: number;
}

export function isFolder({ name }: ZipMember): boolean {
  return name.endsWith('/');
}
