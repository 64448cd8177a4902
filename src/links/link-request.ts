import { plainToInstance } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsRFC3339,
  IsString,
  Max,
  MaxLength,
  Min,
  validateSync,
} from 'class-validator';
import { invalidBody } from '../auth/read-json.js';
import { MOST_SEGMENTS } from '../core/link/index.js';
import { InvalidPathError, requestedPath, type ObjectKey } from '../core/path/index.js';
import { invalidMembers } from './invalid-members.js';
import { LINK_USES, type LinkUse } from './link-record.js';

/** Seconds that a link lasts when it is not said how long: a week. And at most: a year. */
const USUAL = 7 * 86_400;
const LONGEST = 365 * 86_400;

/** The body of a request for a link. */
class LinkRequest {
  @IsString()
  @MaxLength(4096)
  readonly path: string;

  @IsOptional()
  @IsIn(LINK_USES)
  readonly use?: LinkUse;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  readonly expiresIn?: number;

  @IsOptional()
  @IsRFC3339()
  readonly expires?: string;

  @IsOptional()
  @IsBoolean()
  readonly download?: boolean;
}

/** What somebody wants a link for. */
export interface WantedLink {
  readonly key: ObjectKey;
  /** Undefined: what suits a file or a folder. */
  readonly use: LinkUse | undefined;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly download: boolean;
}

/**
 * @param now seconds since the epoch
 * @throws ProblemError validation-failed; InvalidPathError
 */
export function parseLinkRequest(body: unknown, now: number): WantedLink {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidBody('must be an object');
  // The library goes into whatever is in it, however deep.
  if (Object.values(body).some((value) => typeof value === 'object' && value !== null))
    throw invalidBody('has no members that are objects or lists');
  const request = plainToInstance(LinkRequest, { ...body });
  const errors = validateSync(request, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw invalid(errors);
  const { path, use, expiresIn, expires, download = false } = request;
  return { key: toKey(path), use, expires: toSeconds({ expiresIn, expires }, now), download };
}

/** As `path` of an entry has it; a slash at the end is that of a folder. */
function toKey(path: string): ObjectKey {
  if (!path.isWellFormed()) throw new InvalidPathError('The path is no Unicode text.');
  const { key } = requestedPath(path.split('/'));
  if (key.split('/').length > MOST_SEGMENTS)
    throw new InvalidPathError(`A link is for a path of at most ${MOST_SEGMENTS} segments.`);
  return key;
}

function toSeconds(
  { expiresIn, expires }: { expiresIn: number | undefined; expires: string | undefined },
  now: number,
): number {
  if (expires === undefined) return now + (expiresIn ?? USUAL);
  const seconds = Math.floor(Date.parse(expires) / 1000);
  const isOne = expiresIn === undefined && seconds > now && seconds <= now + LONGEST;
  if (isOne) return seconds;
  const detail =
    expiresIn === undefined
      ? 'must lie in the future, and not more than a year ahead'
      : 'must not be given together with expiresIn';
  throw invalid([{ property: 'expires', constraints: { detail } }]);
}

function invalid(errors: Parameters<typeof invalidMembers>[1]) {
  return invalidMembers('Some members of the body are wrong; `errors` says which and why.', errors);
}
