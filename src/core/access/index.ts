export { AccessRules } from './access-rules.js';
export { foldPath } from './fold-path.js';
export { parsePermissions, parseRule, parseRulePath, parseRules } from './parse-rule.js';
export { PERMISSIONS, type AccessRule, type Permission } from './permission.js';
