/** Printable text in one line: what comes from a server must not steer a terminal. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ');
}

/** A value from a server within a sentence, at most 80 characters of it. */
export function quote(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  const text = plain(value).trim();
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  // Entity tags bring their quotes.
  return text.includes('"') ? short : `"${short}"`;
}

/** A URL for people: without what a signed link carries behind the question mark. */
export function shortUrl(url: URL): string {
  return plain(`${url.protocol}//${url.host}${url.pathname}${url.search ? '?...' : ''}`);
}
