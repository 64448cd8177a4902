/** A request as it is sent: nothing is added but Host and Connection. */
export interface Ask {
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
  /** How many bytes of the body are wanted; when more come, the connection is closed. */
  readonly keep: number;
}

/**
 * How the body ended: whole; closed by us because there was enough; closed by the server too early; or it did not go
 * on within the time there was.
 */
export type BodyEnd = 'complete' | 'stopped' | 'broken' | 'stalled';

/** The value of Content-Range (RFC 9110 §14.4): positions are inclusive, as on the wire. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Undefined where the server says `*`. */
  readonly size: number | undefined;
}

/** An answer as it came over the wire: nothing decoded, nothing followed. */
export class Answer {
  constructor(
    readonly ask: Ask,
    readonly status: number,
    /** `1.1` */
    readonly httpVersion: string,
    /** Name, value, name, value, as Node gives them. */
    readonly rawFields: readonly string[],
    /** At most the bytes that were wanted. */
    readonly body: Buffer,
    readonly end: BodyEnd,
    /** From the start of the request to the end of the header, in milliseconds. */
    readonly headMs: number,
    /** From the start of the request to the end of the body, in milliseconds. */
    readonly ms: number,
    /** Why the certificate would not be accepted, where insecure connections are allowed. */
    readonly certificateFault?: string,
  ) {}

  /** A field by its name in any case; several are joined by a comma. */
  field(name: string): string | undefined {
    const values = this.rawFields.filter(
      (_, index, all) => index % 2 === 1 && all[index - 1]!.toLowerCase() === name.toLowerCase(),
    );
    return values.length > 0 ? values.join(', ') : undefined;
  }

  /** Content-Length in bytes, where there is one. */
  get length(): number | undefined {
    const value = this.field('content-length');
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  }

  /** Content-Range, where there is one that follows the grammar. */
  get range(): ContentRange | undefined {
    const match = /^bytes (\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/i.exec(this.field('content-range') ?? '');
    if (!match) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2])];
    const size = match[3] === undefined ? undefined : Number(match[3]);
    return first <= last && (size === undefined || last < size) ? { first, last, size } : undefined;
  }

  /** The media type without parameters, in lower case. */
  get type(): string | undefined {
    return this.field('content-type')?.split(';')[0]!.trim().toLowerCase();
  }

  get encoding(): string | undefined {
    const value = this.field('content-encoding')?.trim().toLowerCase();
    return value === '' || value === 'identity' ? undefined : value;
  }

  /** Whether Cache-Control has this directive (RFC 9111 §5.2). */
  cacheDirective(name: string): boolean {
    const directives = (this.field('cache-control') ?? '').toLowerCase().split(',');
    return directives.some((directive) => directive.split('=')[0]!.trim() === name);
  }
}
