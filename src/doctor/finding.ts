/** `failure`: media does not play, or not rightly. `warning`: slower, wasteful or wrong for some. `info`: good to know. */
export type Severity = 'failure' | 'warning' | 'info';

/** Who notices. Chrome stands for every Chromium, Safari for Apple's players; `players` for TVs, casting, downloads. */
export type Client = 'Chrome' | 'Firefox' | 'Safari' | 'players';

export const BROWSERS = ['Chrome', 'Firefox', 'Safari'] as const satisfies readonly Client[];

/** Servers and networks for which the line to change is known. */
export type ServerKind = 'nginx' | 'Apache' | 'Caddy' | 'Express' | 'S3' | 'CloudFront' | 'Cloudflare';

/** What to write where, by server. */
export type Lines = Partial<Record<ServerKind, string>>;

/** One thing that was found at a URL; plain JSON, free of secrets and control characters. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity: Severity;
  /** What the server did. */
  readonly seen: string;
  /** What that breaks. */
  readonly breaks: string;
  /** What to do about it, where something can be done. */
  readonly change?: string;
  readonly affects: readonly Client[];
  /** The line to write, first for the servers that were recognised. */
  readonly lines: readonly { readonly server: ServerKind; readonly line: string }[];
}
