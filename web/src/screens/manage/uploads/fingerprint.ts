/** What tells a file of this device from others, without reading it. */
export interface Identity {
  /** Where it is to go. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/**
 * Fourteen letters and digits that stand for a file and where it goes: the same file chosen again has the same, a changed one
 * another. Two FNV-1a hashes of 32 bits (draft-eastlake-fnv, section 2): short enough to remember thousands, and no secret.
 */
export function fingerprint({ path, size, lastModified }: Identity): string {
  const text = `${path}\n${size}\n${lastModified}`;
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x9747b28c);
}

function fnv1a(text: string, basis: number): string {
  let hash = basis;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, '0');
}
