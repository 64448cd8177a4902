/**
 * `Content-Disposition: attachment` with the file's own name (RFC 6266). A name that not every client reads alike goes
 * into `filename*` in UTF-8 (RFC 8187), which every current browser prefers. `filename` is then a fallback without
 * what appendix D warns of: letters beyond ASCII, quotes, backslashes and percent signs.
 */
export function attachment(fileName: string): string {
  const name = fileName.toWellFormed();
  const fallback = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  return `attachment; filename="${fallback}"${fallback === name ? '' : `; filename*=UTF-8''${encodeExtended(name)}`}`;
}

/** attr-char of RFC 8187 §3.2.1 stays, the rest is percent-encoded UTF-8. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
