/** Printable text in one line: what comes from a server must not steer a terminal. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');
}

/** A value from a server within a sentence, at most 80 characters of it. */
export function quote(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  const text = plain(value).trim();
  return `"${text.length > 80 ? `${text.slice(0, 77)}...` : text}"`;
}

/** A URL for people: without what a signed link carries behind the question mark. */
export function shortUrl(url: URL): string {
  return plain(`${url.origin}${url.pathname}${url.search ? '?...' : ''}`);
}
