import { flagsOf, LAST_SECOND, MOST_SEGMENTS, type SignedLink } from './signed-link.js';

/** Bytes of a token: a multiple of three, so that base64url has no bits to spare and every character counts. */
const LENGTH = 63;
const TOKEN = /^[\w-]{84}$/;

/** Where the fields of a token begin. */
const FLAGS = 12;
const DEPTH = 13;
const EXPIRES = 14;
const KEY_ID = 19;
const MAKER = 23;
const MAC = 31;

/** What a token says of itself; nothing of it is true before the code is verified. */
export interface TokenFields extends Pick<SignedLink, 'id' | 'expires' | 'download' | 'recorded'> {
  /** How many segments of the requested path are what the link is for. */
  readonly depth: number;
  /** Four bytes in hexadecimal: which key it was signed with. */
  readonly keyId: string;
  /** Eight bytes in hexadecimal that only who has the key can tell the maker from. */
  readonly maker: string;
  /** HMAC-SHA-256 of the canonical text. */
  readonly code: Buffer;
}

/** 84 letters, digits, `-` and `_`: neither path nor names are in it. */
export function printToken(fields: TokenFields): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.write(fields.id, 0, 'base64url');
  bytes[FLAGS] = flagsOf(fields);
  bytes[DEPTH] = fields.depth;
  bytes.writeUIntBE(fields.expires, EXPIRES, 5);
  bytes.write(fields.keyId, KEY_ID, 'hex');
  bytes.write(fields.maker, MAKER, 'hex');
  fields.code.copy(bytes, MAC);
  return bytes.toString('base64url');
}

/** Undefined for what is no token. */
export function readToken(token: string): TokenFields | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const flags = bytes[FLAGS]!;
  if (flags > 3) return undefined;
  return {
    id: token.slice(0, 16),
    download: (flags & 1) !== 0,
    recorded: (flags & 2) !== 0,
    depth: bytes[DEPTH]!,
    expires: bytes.readUIntBE(EXPIRES, 5),
    keyId: bytes.toString('hex', KEY_ID, MAKER),
    maker: bytes.toString('hex', MAKER, MAC),
    code: bytes.subarray(MAC),
  };
}

/** @throws RangeError for what no token can hold */
export function checkFields({ expires, depth }: Pick<TokenFields, 'expires' | 'depth'>): void {
  if (depth > MOST_SEGMENTS)
    throw new RangeError(`a link is for a path of at most ${MOST_SEGMENTS} segments`);
  if (!Number.isInteger(expires) || expires < 0 || expires > LAST_SECOND)
    throw new RangeError('a link expires at a whole second since the epoch');
}
