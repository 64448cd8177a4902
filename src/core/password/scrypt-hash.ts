/**
 * A password's hash by scrypt (RFC 7914) in PHC string format, `$scrypt$ln=17,r=8,p=1$SALT$HASH`, as passlib writes it:
 * base64 without padding, `ln` the logarithm of N.
 */
export interface ScryptHash extends ScryptCost {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

export interface ScryptCost {
  /** Logarithm to base 2 of the cost N. */
  readonly ln: number;
  /** Block size. */
  readonly r: number;
  /** Parallelization. */
  readonly p: number;
}

/** What the OWASP Password Storage Cheat Sheet asks of scrypt at least: N = 2^17, r = 8 (128 MiB), p = 1. */
export const RECOMMENDED_COST: ScryptCost = { ln: 17, r: 8, p: 1 };

/** Memory one hash may take, in bytes. */
const MEMORY_LIMIT = 512 * 2 ** 20;

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Bytes of memory that making this hash takes (RFC 7914 §5: 128 * N * r, and 128 * r * p beside it). */
export function memoryOf({ ln, r, p }: ScryptCost): number {
  return 128 * r * (2 ** ln + p);
}

/** Undefined when this is no such hash, or one that takes more than 512 MiB or 16 passes. */
export function parseScryptHash(text: string): ScryptHash | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [ln, r, p] = match.slice(1, 4).map(Number) as [number, number, number];
  const salt = Buffer.from(match[4]!, 'base64');
  const digest = Buffer.from(match[5]!, 'base64');
  const isSound = ln >= 1 && r >= 1 && p >= 1 && p <= 16 && memoryOf({ ln, r, p }) <= MEMORY_LIMIT;
  return isSound && salt.length >= 8 && digest.length >= 16 && digest.length <= 64
    ? { ln, r, p, salt, digest }
    : undefined;
}

export function formatScryptHash({ ln, r, p, salt, digest }: ScryptHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(digest)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
