import { randomBytes, scryptSync } from 'node:crypto';
import type { UserSetting } from '../../src/config/user-setting.js';
import { parseRules } from '../../src/core/access/index.js';
import { formatScryptHash } from '../../src/core/password/index.js';

/** Cheap: tests log in often. */
const COST = { ln: 8, r: 8, p: 1 };

/** A user of the settings with a hashed password; `rules` as in flags. */
export function user(name: string, password: string, rules: string): UserSetting {
  const salt = randomBytes(16);
  const { ln, r, p } = COST;
  const digest = scryptSync(password.normalize('NFC'), salt, 32, { N: 2 ** ln, r, p });
  return { name, password: formatScryptHash({ ...COST, salt, digest }), rules: parseRules(rules) };
}

/** The Authorization of Basic, in UTF-8. */
export function basic(name: string, password: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
