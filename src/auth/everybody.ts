import type { AppConfig } from '../config/app-config.js';
import { AccessRules, type AccessRule, type Permission } from '../core/access/index.js';
import { ROOT_KEY } from '../core/path/index.js';

/** What everybody may do: the rules that the settings spell out, and the one for the root that they imply. */
export function rulesOfEverybody({
  rules,
  anonymous,
  write,
}: Pick<AppConfig, 'rules' | 'anonymous' | 'write'>): AccessRule[] {
  const implied: Permission[] = [];
  if (anonymous) implied.push('read');
  if (write) implied.push('write', 'delete');
  // Of two rules for one path the later counts: a rule for the root itself replaces this one.
  return [{ path: ROOT_KEY, permissions: implied }, ...rules];
}

/** Whether somebody who has not logged in may change something. */
export function mayAnybodyWrite(config: Pick<AppConfig, 'rules' | 'anonymous' | 'write'>): boolean {
  const rules = new AccessRules(rulesOfEverybody(config));
  return rules.mayAnywhere('write') || rules.mayAnywhere('delete');
}

/** Whether anybody at all may change something: without, the server has no routes that write. */
export function mayBeChanged(config: Pick<AppConfig, 'users' | 'rules' | 'anonymous' | 'write'>): boolean {
  const changes = ({ permissions }: AccessRule) => permissions.some((permission) => permission !== 'read');
  return mayAnybodyWrite(config) || config.users.some(({ rules }) => rules.some(changes));
}
