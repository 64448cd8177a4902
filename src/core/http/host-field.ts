import { isIPv6 } from 'node:net';

/** host = uri-host [ ":" port ] (RFC 9110 §7.2, RFC 3986 §3.2.2); empty when the target has no authority. */
const REG_NAME = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*";
const HOST = new RegExp(`^(?:\\[(?<literal>[^\\]]*)\\]|${REG_NAME})(?::\\d*)?$`);
const IP_FUTURE = /^v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+$/i;

/** Whether this is a host with or without a port. */
export function isHost(text: string): boolean {
  const match = HOST.exec(text);
  const literal = match?.groups?.literal;
  return match !== null && (literal === undefined || isIPv6(literal) || IP_FUTURE.test(literal));
}

/**
 * Whether a request's Host is acceptable: exactly one field with a legal value; HTTP/1.0 may do without
 * (RFC 9112 §3.2). Node keeps the first of several, so the raw fields are looked at.
 * @param rawHeaders names and values in turn, as received.
 */
export function isValidHost(rawHeaders: readonly string[], httpVersion: string): boolean {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host',
  );
  if (values.length === 0) return httpVersion === '1.0';
  return values.length === 1 && isHost(values[0]!);
}
