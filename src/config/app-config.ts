import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, Matches, Max, Min } from 'class-validator';
import type { AccessRule } from '../core/access/index.js';
import {
  toAddresses,
  toBoolean,
  toDuration,
  toInteger,
  toList,
  toSeconds,
  toSecrets,
  toSize,
  toText,
} from './converters.js';
import { Setting } from './setting.js';
import { toRules, toUsers, type UserSetting } from './user-setting.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const UPLOAD_OPTIMIZATIONS = ['off', 'faststart'] as const;
export const LOG_FORMATS = ['auto', 'pretty', 'json'] as const;

/**
 * Every setting of the server. A setting called `logLevel` is the flag `--log-level`, the variable
 * `PLAYHEAD_LOG_LEVEL` and the key `logLevel` of `playhead.yaml`; flags win over the environment, that over the file,
 * that over the default.
 */
export class AppConfig {
  /**
   * The folder that is served. A relative path is taken from the current folder, or from the folder of
   * `playhead.yaml` when it stands there. Default: the current folder; the bundled samples with `npm start`.
   */
  @Setting({
    flag: '--root <folder>',
    help: 'the folder to serve; same as DIR',
    convert: toText,
    legacyVariable: 'FS_PATH',
    isPath: true,
  })
  @IsNotEmpty()
  readonly root: string;

  /**
   * The address to listen on. The default, 127.0.0.1, is reachable from this machine only; `0.0.0.0` or `::` is
   * reachable from everywhere, and whoever reaches the server can read every file in the folder.
   */
  @Setting({
    flag: '-H, --host <address>',
    help: 'address to listen on',
    convert: toText,
    legacyVariable: 'FS_BIND',
  })
  @Matches(/^[A-Za-z0-9.:%_-]+$/, { message: 'host expects an IP address or a host name' })
  readonly host: string = '127.0.0.1';

  /** The TCP port to listen on, 0 to 65535. 0 lets the system choose; the start-up message prints which. */
  @Setting({
    flag: '-p, --port <number>',
    help: 'port to listen on, 0 for any free one',
    convert: toInteger,
    legacyVariable: 'FS_PORT',
  })
  @IsInt()
  @Min(0)
  @Max(65535, { message: 'port expects a number from 0 to 65535' })
  readonly port: number = 8000;

  /**
   * The folder for what the server itself must remember: writes and uploads that are not complete, the trash, keys. It
   * is made when it is first needed, for the server's account alone; a server that nothing may be written on needs none.
   * On the file system of `root` a file gets its place without being copied. Default: `.playhead` in `root`.
   */
  @Setting({
    flag: '--state-dir <folder>',
    help: 'the folder for unfinished uploads, the trash and keys; .playhead in DIR unless told otherwise',
    convert: toText,
    isPath: true,
  })
  @IsOptional()
  @IsNotEmpty()
  readonly stateDir: string | null = null;

  /** Whether files and folders whose name starts with a dot are served. Off: they look missing. */
  @Setting({ flag: '--hidden', help: 'serve names that start with a dot too', convert: toBoolean })
  @IsBoolean()
  readonly hidden: boolean = false;

  /**
   * The origins whose pages may read files by script (CORS), such as `https://player.example`, or `*` for all.
   * Default: none. Playing media in a `<video>` of another site needs no CORS.
   */
  @Setting({
    flag: '--cors <origins>',
    help: 'origins that may read by script: a comma-separated list, or *',
    convert: toList,
  })
  @Matches(/^(?:\*|https?:\/\/[^/\s,]+)$/, {
    each: true,
    message: 'cors expects * or origins such as https://player.example, without a path',
  })
  readonly cors: readonly string[] = [];

  /**
   * Seconds a client may take to send its request header, 1 to 3600. Default 20: a phone on a bad line needs a few;
   * more only serves those who hold connections open to starve others.
   */
  @Setting({
    flag: '--headers-timeout <seconds>',
    help: 'time to send the request header',
    convert: toSeconds,
  })
  @Min(1)
  @Max(3600)
  readonly headersTimeout: number = 20;

  /**
   * Seconds a client may take to send a request, 1 to 86400, and one more for each KiB of the body that comes. More than
   * this is never in hand: an upload may take days, and ends when it stands still so long. Default 300.
   */
  @Setting({
    flag: '--request-timeout <seconds>',
    help: 'time to send a request; a body may take longer while it comes',
    convert: toSeconds,
  })
  @Min(1)
  @Max(86400)
  readonly requestTimeout: number = 300;

  /**
   * Seconds an idle connection is kept for the next request, 0 to 3600; 0 closes it after each. Default 65, just
   * above the 60 that proxies keep theirs, so that it is the proxy that closes first.
   */
  @Setting({
    flag: '--keep-alive-timeout <seconds>',
    help: 'time an idle connection is kept',
    convert: toSeconds,
  })
  @Min(0)
  @Max(3600)
  readonly keepAliveTimeout: number = 65;

  /**
   * Seconds a transfer may stand still because the client takes nothing, 1 to 86400. Default 300. A paused player
   * stops reading; when it goes on after this it asks again from where it stood.
   */
  @Setting({ flag: '--idle-timeout <seconds>', help: 'time a transfer may stand still', convert: toSeconds })
  @Min(1)
  @Max(86400)
  readonly idleTimeout: number = 300;

  /** Seconds that running transfers get to finish when the server is told to stop, 0 to 3600. Default 10. */
  @Setting({
    flag: '--shutdown-grace <seconds>',
    help: 'time transfers get to finish on shutdown',
    convert: toSeconds,
  })
  @Min(0)
  @Max(3600)
  readonly shutdownGrace: number = 10;

  /** How much is logged: fatal, error, warn, info (a line for each request), debug (aborted ones too), trace, silent. */
  @Setting({ flag: '--log-level <level>', help: LOG_LEVELS.join(', '), convert: toText })
  @IsIn(LOG_LEVELS, { message: `logLevel expects one of ${LOG_LEVELS.join(', ')}` })
  readonly logLevel: (typeof LOG_LEVELS)[number] = 'info';

  /** Form of the log, which goes to standard error: `json` lines, `pretty` for people, or `auto`: pretty on a terminal. */
  @Setting({ flag: '--log-format <format>', help: LOG_FORMATS.join(', '), convert: toText })
  @IsIn(LOG_FORMATS, { message: `logFormat expects one of ${LOG_FORMATS.join(', ')}` })
  readonly logFormat: (typeof LOG_FORMATS)[number] = 'auto';

  /**
   * Where Prometheus finds `/metrics`: `public`, on the port of everything else (the default); a port number, on that
   * port of the same host alone; `off`, nowhere.
   */
  @Setting({
    flag: '--metrics <where>',
    help: 'where to serve /metrics: public, off, or a port of its own',
    convert: toText,
  })
  @Matches(/^(?:public|off|\d{1,5})$/, { message: 'metrics expects public, off or a port number' })
  readonly metrics: string = 'public';

  /**
   * Who can log in, and what they may do: `NAME:PASSWORD@/PATH:LETTERS`, where LETTERS are `r` read, `w` write,
   * `d` delete, `a` admin (all of these), or `-` for nothing. A rule holds for its path and all below it, and that with
   * the longest path wins. More rules of the same user follow behind commas, or the user is named again with the same
   * password: `alice:secret@/music:rw,/films:r`.
   *
   * NAME has no colon. PASSWORD may hold anything but `@/`, colons and `@` too; in `playhead.yaml`, where a user has
   * `name`, `password` and `rules`, it may hold everything. It is plain, or better a hash that `playhead
   * hash-password` prints: other people on the machine can see flags. In the environment each user stands on a line.
   * Where a flag or variable names users, those of the file do not count. Default: nobody.
   */
  @Setting({
    flag: '--user <NAME:PASSWORD@/PATH:LETTERS>',
    help: 'who can log in, and may r read, w write, d delete, a all below PATH; may be repeated',
    convert: toUsers,
    isRepeatable: true,
    print: (users: readonly UserSetting[]) => users.map(({ name, rules }) => ({ name, rules })),
  })
  readonly users: readonly UserSetting[] = [];

  /**
   * What everybody may do, logged in or not: `/PATH:LETTERS` as with `users`; in `playhead.yaml` `path` and
   * `permissions`. A user may do it too, unless a rule of theirs for the same or a longer path says otherwise. Default:
   * read everything; `/private:-` closes a folder to all but those users who have a rule for it or for a folder above.
   */
  @Setting({
    flag: '--rule </PATH:LETTERS>',
    help: 'what everybody may do below PATH; may be repeated',
    convert: toRules,
    isRepeatable: true,
  })
  readonly rules: readonly AccessRule[] = [];

  /** Whether everybody may read where no rule of `rules` says otherwise. Off: only those who log in. */
  @Setting({
    flag: '--no-anonymous',
    help: 'nobody may read without logging in, unless a rule says so',
    convert: toBoolean,
  })
  @IsBoolean()
  readonly anonymous: boolean = true;

  /**
   * Whether everybody may write and delete too, without logging in, where no rule of `rules` says otherwise. Refused
   * for a server that other machines can reach: give those who write a name there.
   */
  @Setting({
    flag: '--write',
    help: 'everybody may write and delete too; on this machine only',
    convert: toBoolean,
  })
  @IsBoolean()
  readonly write: boolean = false;

  /**
   * The certificate of the server in PEM, the whole chain, the server's own first; with `tlsKey` the server speaks https
   * alone. Both files are looked at each second, and new connections get what they hold; a pair that does not fit changes
   * nothing. The port of `metrics` stays without TLS. Default: none, plain http.
   */
  @Setting({
    flag: '--tls-cert <file>',
    help: 'certificate chain in PEM: serve https; read again when it changes',
    convert: toText,
    isPath: true,
  })
  @IsOptional()
  @IsNotEmpty()
  readonly tlsCert: string | null = null;

  /** The private key of `tlsCert` in PEM, without a passphrase; for the server's account alone to read. */
  @Setting({
    flag: '--tls-key <file>',
    help: 'private key of the certificate in PEM',
    convert: toText,
    isPath: true,
  })
  @IsOptional()
  @IsNotEmpty()
  readonly tlsKey: string | null = null;

  /**
   * Seconds for which browsers, once they have come by https, shall use nothing else for this host (HSTS, RFC 6797), 0 to
   * 63072000 (two years). It cannot be taken back before they are over, and holds for all ports of the host name. Default
   * 0: nothing is said.
   */
  @Setting({
    flag: '--hsts <seconds>',
    help: 'time browsers shall use https alone for this host; 0 for no word',
    convert: toInteger,
  })
  @IsInt()
  @Min(0)
  @Max(63_072_000, { message: 'hsts expects seconds, 0 to 63072000' })
  readonly hsts: number = 0;

  /**
   * Names by which browsers reach the server over plain http, such as `media.example.com` or `*.example.com`; `*` for any.
   * IP addresses, names without a dot, those of private networks (`nas.local`, `nas.home.arpa`, `nas.internal`, `nas.lan`,
   * `nas.home`), the name of the machine and `host` are known without saying. A browser that comes by another name is
   * refused, since a page elsewhere may have its own name lead here (DNS rebinding). Nothing is asked of who comes by
   * https, by way of `trustedProxies`, or without a browser. Default: none besides.
   */
  @Setting({
    flag: '--hosts <names>',
    help: 'names of the server that browsers use over http: a comma-separated list, or *',
    convert: toList,
  })
  @Matches(/^(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/i, {
    each: true,
    message: 'hosts expects *, or names such as media.example.com or *.example.com, without port or scheme',
  })
  readonly hosts: readonly string[] = [];

  /**
   * Bytes that one file sent to the server may have, or KiB, MiB, GiB, TiB with a K, M, G or T behind the number: `2G`.
   * Larger ones are refused before they are read, where their length is announced. Default: as many as there is room for.
   */
  @Setting({
    flag: '--max-upload-size <size>',
    help: 'bytes one uploaded file may have, such as 500M or 2G',
    convert: toSize,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly maxUploadSize: number | null = null;

  /**
   * Addresses of proxies in front, or ranges such as `10.0.0.0/8`, that are believed what they say about their clients:
   * address (X-Forwarded-For, Forwarded), scheme and host. It counts for the log, for slowing down who guesses
   * passwords, for the Secure of cookies, and for telling requests of other sites. Default: none.
   */
  @Setting({
    flag: '--trusted-proxies <addresses>',
    help: 'proxies whose X-Forwarded-For counts: a comma-separated list of addresses and ranges',
    convert: toAddresses,
  })
  readonly trustedProxies: readonly string[] = [];

  /**
   * How long an upload that was broken off can be resumed, after its last byte, in seconds or as `90m`, `12h`, `30d`;
   * a minute to 365 days. Default 7 days. Then what has arrived of it is removed.
   */
  @Setting({
    flag: '--upload-expiry <time>',
    help: 'time a broken upload can be resumed, such as 12h or 7d',
    convert: toDuration,
  })
  @Min(60)
  @Max(31_536_000, { message: 'uploadExpiry expects at most 365d' })
  readonly uploadExpiry: number = 604_800;

  /** How long a login of the page lasts, in seconds or as `90m`, `12h`, `30d`; a minute to 365 days. Default 14 days. */
  @Setting({
    flag: '--session-lifetime <time>',
    help: 'time a login lasts, such as 12h or 14d',
    convert: toDuration,
  })
  @Min(60)
  @Max(31_536_000, { message: 'sessionLifetime expects at most 365d' })
  readonly sessionLifetime: number = 1_209_600;

  /**
   * What becomes of files that are written through the server: `off`, they stay what they are (the default), or
   * `faststart`: media that would not start at once, or seek badly, are rewritten on disk, as `playhead optimize` does. That
   * is more than moving the index of a film to its front: all repairs there are, none of which encodes anything anew. It
   * happens after the upload has been answered, and gives the file another entity tag.
   */
  @Setting({
    flag: '--optimize-uploads <how>',
    help: 'off, or faststart: rewrite uploaded media so that they start at once',
    convert: toText,
  })
  @IsIn(UPLOAD_OPTIMIZATIONS, { message: 'optimizeUploads expects off or faststart' })
  readonly optimizeUploads: (typeof UPLOAD_OPTIMIZATIONS)[number] = 'off';

  /**
   * How long what is deleted stays in the trash, in seconds or as `90m`, `12h`, `30d`; at most 3650 days. Default 30 days.
   * 0: there is no trash, what is deleted is gone, and what is in the trash goes when the server starts.
   */
  @Setting({
    flag: '--trash-retention <time>',
    help: 'time that deleted files stay in the trash, such as 12h or 30d; 0 for no trash',
    convert: toDuration,
  })
  @Min(0)
  @Max(315_360_000, { message: 'trashRetention expects at most 3650d' })
  readonly trashRetention: number = 2_592_000;

  /**
   * Bytes that small pictures may take on disk, or KiB, MiB, GiB with a K, M or G behind the number; those used longest ago
   * go first. They are kept in the state folder; a server without one, on which nothing may be written, keeps up to 32 MiB in
   * memory instead. Default 256M. 0: they are made anew each time.
   */
  @Setting({
    flag: '--thumbnail-cache <size>',
    help: 'bytes that small pictures may take on disk, such as 500M; 0 to keep none',
    convert: toSize,
  })
  @IsInt()
  @Min(0)
  readonly thumbnailCache: number = 256 * 2 ** 20;

  /**
   * The secrets that sign links: each at least 32 characters that nobody can guess, such as `openssl rand -base64 32`
   * prints, with commas between them. The first signs, and links that any of them has signed are good: to change the
   * secret, put the new one in front, and take the old one away when its links have expired. Best set in the
   * environment, since other people on the machine can see flags. Default: a key that the server makes and keeps in its
   * state folder.
   */
  @Setting({
    flag: '--link-key <secrets>',
    help: 'secrets that sign links, the first for new ones; a key in the state folder unless told otherwise',
    convert: toSecrets,
    print: (secrets: readonly string[]) => secrets.map(() => '***'),
  })
  readonly linkKey: readonly string[] = [];
}
