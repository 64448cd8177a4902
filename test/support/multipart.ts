import type { Reply } from './http-client.js';

export interface BodyPart {
  readonly type: string;
  readonly range: string;
  readonly body: Buffer;
}

/** Takes a multipart/byteranges answer apart, strictly (RFC 9110 §14.6, RFC 2046 §5.1). */
export function partsOf({ headers, body }: Reply): BodyPart[] {
  const boundary = /^multipart\/byteranges; boundary=([\w'()+,./:=?-]{1,70})$/.exec(
    headers['content-type'] ?? '',
  )?.[1];
  if (!boundary) throw new Error(`no multipart/byteranges: ${headers['content-type']}`);
  const text = body.toString('latin1');
  const close = `\r\n--${boundary}--\r\n`;
  if (!text.endsWith(close)) throw new Error('the closing delimiter is missing');
  const [preamble, ...parts] = text.slice(0, -close.length).split(`\r\n--${boundary}\r\n`);
  if (preamble !== '') throw new Error('the body does not begin with a delimiter');
  return parts.map((part) => {
    const match = /^Content-Type: (.*)\r\nContent-Range: (.*)\r\n\r\n([^]*)$/.exec(part);
    if (!match) throw new Error(`not a part: ${part.slice(0, 200)}`);
    return { type: match[1]!, range: match[2]!, body: Buffer.from(match[3]!, 'latin1') };
  });
}
