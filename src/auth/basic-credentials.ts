export interface BasicCredentials {
  readonly name: string;
  readonly password: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Whether an Authorization field is for us; other schemes are between the client and a proxy. */
export function isBasic(authorization: string): boolean {
  return /^basic /i.test(authorization);
}

/** Name and password in UTF-8 (RFC 7617 §2.1); undefined when the field is malformed. */
export function parseBasic(authorization: string): BasicCredentials | undefined {
  const token = authorization.slice('basic '.length).trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(token)) return undefined;
  try {
    const text = decoder.decode(Buffer.from(token, 'base64'));
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
