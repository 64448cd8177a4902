import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { validateSync } from 'class-validator';
import { closest, distance } from 'fastest-levenshtein';
import type * as Yaml from 'yaml';
import { AppConfig } from './app-config.js';
import { settingsOf, type SettingDeclaration } from './setting.js';
import { fromLegacyKey, isHashed } from './user-setting.js';

/** Everything that is wrong with the configuration, in one message of one line for each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

export interface ConfigSources {
  /** Flags as the command line has them, by their long names in camel case. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Relative paths in flags and environment start here, and `playhead.yaml` is looked for here. */
  readonly cwd: string;
  /** Served when nothing else is said. */
  readonly defaultRoot: string;
}

export interface LoadedConfig {
  readonly config: AppConfig;
  /** Where each setting's value came from, e.g. `flag --port`, `PLAYHEAD_PORT`, `playhead.yaml`, `default`. */
  readonly origins: ReadonlyMap<string, string>;
  /** Remarks for the person who starts the server. */
  readonly notes: readonly string[];
}

interface Candidate {
  readonly origin: string;
  readonly raw: unknown;
  /** What a relative path in this value is relative to. */
  readonly base: string;
}

const DEFAULT_FILE = 'playhead.yaml';

/** Merges flags over environment over file over defaults. @throws ConfigError with every problem found at once. */
export function loadConfig(given: ConfigSources): LoadedConfig {
  const sources = { env: process.env, ...given };
  const problems: string[] = [];
  const settings = settingsOf(AppConfig);
  const file = readConfigFile(sources, problems);
  checkUnknown(
    Object.keys(file.values),
    settings.map(({ name }) => name),
    `${file.name}: unknown setting`,
    problems,
  );
  checkUnknown(
    Object.keys(sources.env).filter((name) => name.startsWith('PLAYHEAD_')),
    [...settings.map(({ variable }) => variable), 'PLAYHEAD_CONFIG'],
    'unknown environment variable',
    problems,
  );

  const config = new AppConfig();
  const origins = new Map<string, string>();
  for (const setting of settings) {
    const candidate = candidatesFor(setting, sources, file).find(({ raw }) => raw !== undefined);
    origins.set(setting.name, candidate?.origin ?? 'default');
    if (!candidate) continue;
    try {
      const value = setting.convert(candidate.raw);
      Object.assign(config, {
        [setting.name]: setting.isPath ? path.resolve(candidate.base, expandHome(String(value))) : value,
      });
    } catch (error) {
      const given = setting.print ? '' : `, not ${JSON.stringify(candidate.raw)}`;
      problems.push(`${candidate.origin}: ${setting.name} ${(error as Error).message}${given}`);
    }
  }
  if (origins.get('root') === 'default') Object.assign(config, { root: sources.defaultRoot });

  for (const { property, constraints } of validateSync(config)) {
    problems.push(`${origins.get(property)}: ${Object.values(constraints ?? {}).join('; ')}`);
  }
  if (config.write && !config.anonymous) {
    problems.push(
      `${origins.get('anonymous')}: without anonymous readers nobody can write without a name either; leave out --write, or --no-anonymous`,
    );
  }
  if ((config.tlsCert === null) !== (config.tlsKey === null)) {
    const [given, missing] = config.tlsCert === null ? ['tlsKey', '--tls-cert'] : ['tlsCert', '--tls-key'];
    problems.push(`${origins.get(given)}: TLS takes a certificate and its key; add ${missing}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const notes = [
    ...plainPasswordNote(config),
    ...addLegacyUser(config, origins, valueOf(sources.env, 'FS_KEY')),
  ];
  return { config: Object.freeze(config), origins, notes };
}

function plainPasswordNote({ users }: AppConfig): string[] {
  const names = users.filter((user) => !isHashed(user)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `the password of ${names.join(', ')} can be read where it stands; put there what "playhead hash-password" prints`,
  ];
}

/** FS_KEY let its owner upload and delete, while everybody could read: one user who may do everything. */
function addLegacyUser(config: AppConfig, origins: Map<string, string>, key: string | undefined): string[] {
  if (key === undefined) return [];
  const user = fromLegacyKey(key);
  if (config.users.some(({ name }) => name === user.name))
    return [`FS_KEY is not used: ${user.name} is a user of the settings already`];
  Object.assign(config, { users: [...config.users, user] });
  const others = origins.get('users');
  origins.set('users', others === 'default' ? 'FS_KEY' : `${others}, FS_KEY`);
  return [`FS_KEY of the old server is the user ${user.name}, who may do everything`];
}

/** An empty variable is an unset one: compose files and unit files cannot always leave it out. */
function valueOf(env: Required<ConfigSources>['env'], variable: string): string | undefined {
  return env[variable] === '' ? undefined : env[variable];
}

/** The shell does this only for a word that begins with it: not in a file, nor behind `--root=`. */
function expandHome(folder: string): string {
  return /^~(?=\/|$)/.test(folder) ? homedir() + folder.slice(1) : folder;
}

function candidatesFor(
  { name, flag, flagName, variable, legacyVariable }: SettingDeclaration,
  { flags, env, cwd }: Required<ConfigSources>,
  file: ConfigFile,
): Candidate[] {
  return [
    { origin: `flag ${flag.replace(/ <.*/, '')}`, raw: flags[flagName], base: cwd },
    { origin: variable, raw: valueOf(env, variable), base: cwd },
    ...(legacyVariable ? [{ origin: legacyVariable, raw: valueOf(env, legacyVariable), base: cwd }] : []),
    { origin: file.name, raw: file.values[name], base: path.dirname(file.path) },
  ];
}

interface ConfigFile {
  readonly name: string;
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The file named by `--config` or PLAYHEAD_CONFIG must be there; `playhead.yaml` in the current folder may be. */
function readConfigFile({ flags, env, cwd }: Required<ConfigSources>, problems: string[]): ConfigFile {
  const named = (flags.config as string | undefined) ?? env.PLAYHEAD_CONFIG;
  const name = named ?? DEFAULT_FILE;
  const file = path.resolve(cwd, name);
  const empty = { name, path: file, values: {} };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (named !== undefined || code !== 'ENOENT') problems.push(`${name}: cannot read this file (${code})`);
    return empty;
  }
  // Loaded where there is a file: it takes 6 MiB.
  const { parseDocument } = createRequire(import.meta.url)('yaml') as typeof Yaml;
  const document = parseDocument(text);
  const [syntaxError] = document.errors;
  if (syntaxError) {
    problems.push(`${name}: ${syntaxError.message.split('\n')[0]}`);
    return empty;
  }
  const values: unknown = document.toJS();
  if (values === null || values === undefined) return empty;
  if (typeof values === 'object' && !Array.isArray(values))
    return { ...empty, values: values as Record<string, unknown> };
  problems.push(`${name}: expects settings, one "name: value" a line`);
  return empty;
}

function checkUnknown(found: string[], known: string[], label: string, problems: string[]): void {
  for (const name of found.filter((candidate) => !known.includes(candidate))) {
    const suggestion = closest(name, known);
    const isClose = distance(name, suggestion) <= Math.max(2, name.length / 3);
    problems.push(
      `${label} "${name}"${isClose ? `; did you mean "${suggestion}"?` : `; known are ${known.join(', ')}`}`,
    );
  }
}
