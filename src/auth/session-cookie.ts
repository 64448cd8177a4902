/**
 * The cookie's name. On https it has the prefix that browsers only take from the host itself, by https and for all paths
 * (RFC 6265bis §4.1.3.2), so that neither a neighbouring host nor plain http can plant one.
 */
export function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-playhead_session' : 'playhead_session';
}

/** The value of a Set-Cookie field. @param expires milliseconds since the epoch; a moment that has passed deletes it */
export function printSessionCookie(id: string, expires: number, isSecure: boolean): string {
  const seconds = Math.max(0, Math.floor((expires - Date.now()) / 1000));
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${seconds}`];
  if (isSecure) attributes.push('Secure');
  return [`${cookieName(isSecure)}=${id}`, ...attributes].join('; ');
}

/** The first cookie of this name in a Cookie field (RFC 6265 §4.2.1). */
export function readCookie(field: string | undefined, name: string): string | undefined {
  if (field === undefined) return undefined;
  for (const pair of field.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
