import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ObjectKey } from '../path/index.js';
import { ancestorAt, canonicalText, depthOf, type SignedLink } from './signed-link.js';
import { checkFields, printToken, readToken } from './link-token.js';

/** Why a token opens nothing. Only of one that was signed here is it told that its time is over. */
export type LinkRefusal = 'invalid' | 'expired';

interface Key {
  readonly id: string;
  readonly secret: Uint8Array;
  /** Makers by what stands for them in tokens. */
  readonly makers: ReadonlyMap<string, string>;
}

/**
 * Signs links by the first of its keys and knows those that any of them has signed, so that a new key can be put in front
 * without breaking what is in use (HMAC-SHA-256, RFC 2104).
 */
export class LinkKeys {
  readonly #keys: readonly Key[];

  /**
   * @param secrets one or more, of 32 bytes or more that nobody can guess
   * @param makers the names of all who may have made links
   */
  constructor(secrets: readonly Uint8Array[], makers: readonly string[]) {
    this.#keys = secrets.map((secret) => ({
      id: macOf(secret, 'playhead-link-key-id').toString('hex', 0, 4),
      secret,
      makers: new Map(makers.map((name) => [makerTag(secret, name), name])),
    }));
  }

  /** The token of a link, which goes into URLs. The same link gives the same token. @throws RangeError for what none can hold */
  sign(link: SignedLink): string {
    const { id, secret } = this.#keys[0]!;
    const fields = {
      ...link,
      depth: depthOf(link.path),
      keyId: id,
      maker: makerTag(secret, link.maker),
      code: macOf(secret, canonicalText(link)),
    };
    checkFields(fields);
    return printToken(fields);
  }

  /**
   * The link of a token that is presented with a path: the path must be what it was made for, letter by letter, or below.
   * Codes are compared in constant time.
   * @param now seconds since the epoch
   */
  verify(token: string, path: ObjectKey, now: number): SignedLink | LinkRefusal {
    const fields = readToken(token);
    const above = fields && ancestorAt(path, fields.depth);
    if (!fields || above === undefined) return 'invalid';
    const { id, expires, download, recorded, keyId, code } = fields;
    // Key ids are four bytes: two keys may have the same one.
    for (const { secret, makers } of this.#keys.filter((key) => key.id === keyId)) {
      const maker = makers.get(fields.maker);
      if (maker === undefined) continue;
      const link: SignedLink = { id, path: above, maker, expires, download, recorded };
      if (timingSafeEqual(code, macOf(secret, canonicalText(link)))) return expires > now ? link : 'expired';
    }
    return 'invalid';
  }

  /**
   * The id of the record that a token has, if it is a token of ours at all: {@link verify} needs a path, which a token
   * does not hold. Nothing is proven by it. But key and maker are told only by tokens that were signed here, so whoever
   * makes one up gets no record looked for.
   */
  recordIdOf(token: string): string | undefined {
    const fields = readToken(token);
    if (!fields?.recorded) return undefined;
    const isOurs = this.#keys.some(({ id, makers }) => id === fields.keyId && makers.has(fields.maker));
    return isOurs ? fields.id : undefined;
  }
}

function makerTag(secret: Uint8Array, name: string): string {
  return macOf(secret, `playhead-link-maker\n${name}`).toString('hex', 0, 8);
}

function macOf(secret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}
