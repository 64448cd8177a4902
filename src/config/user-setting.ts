import { isUtf8 } from 'node:buffer';
import {
  foldPath,
  parsePermissions,
  parseRule,
  parseRulePath,
  parseRules,
  PERMISSIONS,
  type AccessRule,
  type Permission,
} from '../core/access/index.js';
import { parseScryptHash } from '../core/password/index.js';

/** Somebody who can log in. */
export interface UserSetting {
  /** In composed form; no colon, no control characters. */
  readonly name: string;
  /** Plain, or a hash that `playhead hash-password` has printed. */
  readonly password: string;
  readonly rules: readonly AccessRule[];
}

const FORM = 'expects NAME:PASSWORD@/PATH:LETTERS, for example alice:secret@/music:rw';
/** How a hash of some kind begins (PHC string format, crypt). */
const HASH = /^\$[a-z0-9][a-z0-9-]{0,31}\$/;

/** Names that Basic can carry (RFC 7617 §2), short enough to remember those who fail. */
export const USER_NAME = /^[^\p{Cc}:]{1,64}$/u;
/** Characters of a password that are looked at; a longer one is nobody's. */
export const PASSWORD_LENGTH = 1024;

/** A list from playhead.yaml, texts of flags, or one text with a user a line. @throws Error that never holds a password */
export function toUsers(raw: unknown): UserSetting[] {
  const items: unknown[] =
    typeof raw === 'string' ? raw.split('\n').filter((line) => line.trim()) : asList(raw);
  const users = new Map<string, UserSetting>();
  for (const item of items) {
    const user = typeof item === 'string' ? fromText(item.trimEnd()) : fromObject(item);
    const before = users.get(user.name);
    if (before && before.password !== user.password)
      throw new Error(`names ${user.name} twice with different passwords; give each user one`);
    const rules = [...(before?.rules ?? []), ...user.rules];
    refuseTwice(rules, ` of ${user.name}`);
    users.set(user.name, { ...user, rules });
  }
  return [...users.values()];
}

/** The same for rules: texts such as `/music:rw`, or `path` and `permissions`. @throws Error */
export function toRules(raw: unknown): AccessRule[] {
  const items: unknown[] = typeof raw === 'string' ? [raw] : asList(raw);
  const rules = items.flatMap((item) => (typeof item === 'string' ? parseRules(item) : [toRule(item)]));
  refuseTwice(rules, '');
  return rules;
}

/**
 * The key of the old Flask server: the base64 form of `name:password`, which its page made of what was typed in and
 * compared (github.com/Wildog/flask-file-server, README). Any other text is the password of `admin`.
 */
export function fromLegacyKey(key: string): UserSetting {
  const decoded = Buffer.from(key, 'base64');
  const [, name, password] = /^([^:]*):(.+)$/s.exec(decoded.toString()) ?? [];
  const isPair =
    decoded.toString('base64').replace(/=+$/, '') === key.replace(/=+$/, '') &&
    isUtf8(decoded) &&
    name !== undefined &&
    isName(name) &&
    password !== undefined;
  const user = isPair ? { name: name.normalize('NFC'), password } : { name: 'admin', password: key };
  return { ...user, rules: [parseRule('/:a')] };
}

/** Whether this can stand in the file for anybody to read. */
export function isHashed({ password }: UserSetting): boolean {
  return parseScryptHash(password) !== undefined;
}

/**
 * NAME ends at the first colon. The password ends at `@/`, and so cannot hold these two; whatever else it holds is its
 * own, colons and @ too.
 */
function fromText(text: string): UserSetting {
  const colon = text.indexOf(':');
  const [password, rules, ...more] = text.slice(colon + 1).split('@/');
  if (colon < 0 || rules === undefined) throw new Error(FORM);
  if (more.length > 0)
    throw new Error(
      'cannot tell where the password ends, because "@/" stands twice; write this user into playhead.yaml',
    );
  return checked(text.slice(0, colon), password, () => parseRules(`/${rules}`));
}

function fromObject(item: unknown): UserSetting {
  if (!isRecord(item)) throw new Error('expects a list of users, each with name, password and rules');
  const { name, password, rules, ...unknown } = item;
  refuseUnknown(unknown, 'name, password, rules');
  return checked(name, password, () => (rules === undefined ? [] : toRules(rules)));
}

function checked(name: unknown, password: unknown, rules: () => AccessRule[]): UserSetting {
  if (typeof name !== 'string' || !isName(name))
    throw new Error('expects names of 1 to 64 characters, without a colon; "anonymous" is nobody\'s');
  if (typeof password !== 'string' || password === '' || password.length > PASSWORD_LENGTH)
    throw new Error(`expects for ${name} a password of 1 to ${PASSWORD_LENGTH} characters; put it in quotes`);
  if (HASH.test(password) && !parseScryptHash(password))
    throw new Error(
      `has a hash for ${name} that is not known here; let "playhead hash-password" make one, and copy all of it`,
    );
  try {
    return { name: name.normalize('NFC'), password, rules: rules() };
  } catch (error) {
    throw new Error(`of ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function isName(name: string): boolean {
  return USER_NAME.test(name) && name.toLowerCase() !== 'anonymous';
}

function toRule(item: unknown): AccessRule {
  if (!isRecord(item)) throw new Error('expects rules, each with path and permissions, or such as /music:rw');
  const { path, permissions, ...unknown } = item;
  refuseUnknown(unknown, 'path, permissions');
  if (typeof path !== 'string') throw new Error('expects a path in each rule, such as /music');
  return { path: parseRulePath(path), permissions: toPermissions(permissions) };
}

function toPermissions(raw: unknown): Permission[] {
  if (typeof raw === 'string') return parsePermissions(raw);
  const words = Array.isArray(raw) ? (raw as unknown[]) : [undefined];
  const permissions = PERMISSIONS.filter((permission) => words.includes(permission));
  if (permissions.length !== words.length)
    throw new Error(
      `expects permissions such as [read, write]; known are ${PERMISSIONS.join(', ')}, [] is none`,
    );
  return permissions;
}

function refuseTwice(rules: readonly AccessRule[], whose: string): void {
  const seen = new Set<string>();
  for (const { path } of rules) {
    if (seen.has(foldPath(path)))
      throw new Error(`has two rules${whose} for /${path} (letter case makes no difference); make them one`);
    seen.add(foldPath(path));
  }
}

function refuseUnknown(unknown: Record<string, unknown>, known: string): void {
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new Error(`does not know "${name}"; known are ${known}`);
}

function asList(raw: unknown): unknown[] {
  if (Array.isArray(raw)) return raw;
  throw new Error('expects a list');
}

function isRecord(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}
