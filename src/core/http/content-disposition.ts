/**
 * `Content-Disposition: attachment` with the file's own name (RFC 6266). Names that are not plain ASCII also go into
 * `filename*` in UTF-8 (RFC 8187), which every current browser prefers; `filename` is then the ASCII fallback.
 */
export function attachment(fileName: string): string {
  const name = fileName.toWellFormed();
  const fallback = name.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\]/g, '\\$&');
  // A percent sign in `filename` is decoded by some clients, so such a name is also sent in full.
  const plain = /^[\x20-\x24\x26-\x7e]*$/.test(name);
  return `attachment; filename="${fallback}"${plain ? '' : `; filename*=UTF-8''${encodeExtended(name)}`}`;
}

/** attr-char of RFC 8187 §3.2.1 stays, the rest is percent-encoded UTF-8. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
