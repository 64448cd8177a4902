import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeConfig } from './describe-config.js';
import { type ConfigError, loadConfig, type ConfigSources } from './load-config.js';

describe('loadConfig', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'playhead-config-'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  const load = (sources: Partial<ConfigSources> = {}) =>
    loadConfig({ flags: {}, env: {}, cwd, defaultRoot: '/default', ...sources });
  const problemsOf = (sources: Partial<ConfigSources>) => {
    try {
      load(sources);
    } catch (error) {
      return (error as ConfigError).problems;
    }
    throw new Error('was accepted');
  };
  const yaml = (text: string) => writeFile(path.join(cwd, 'playhead.yaml'), text);

  it('has defaults that serve this machine only', () => {
    const { config, origins, notes } = load();
    expect(config).toMatchObject({
      root: '/default',
      host: '127.0.0.1',
      port: 8000,
      hidden: false,
      cors: [],
    });
    expect(origins.get('port')).toBe('default');
    expect(notes).toEqual([]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes flags over environment over file over default', async () => {
    await yaml('port: 1\nhost: 10.0.0.1\nlogLevel: warn\nhidden: true\ncors: [https://a.example]\n');
    const { config, origins } = load({
      flags: { port: '3' },
      env: { PLAYHEAD_PORT: '2', PLAYHEAD_HOST: '10.0.0.2', PLAYHEAD_HIDDEN: 'false' },
    });
    expect(config).toMatchObject({
      port: 3,
      host: '10.0.0.2',
      logLevel: 'warn',
      hidden: false,
      cors: ['https://a.example'],
      idleTimeout: 300,
    });
    expect(Object.fromEntries(origins)).toMatchObject({
      port: 'flag -p, --port',
      host: 'PLAYHEAD_HOST',
      logLevel: 'playhead.yaml',
      idleTimeout: 'default',
    });
  });

  it('understands the variables of the old server', () => {
    const { config, origins, notes } = load({
      env: { FS_BIND: '0.0.0.0', FS_PORT: '9000', FS_PATH: '/media', FS_KEY: 'c2VjcmV0' },
    });
    expect(config).toMatchObject({ host: '0.0.0.0', port: 9000, root: '/media' });
    expect(origins.get('port')).toBe('FS_PORT');
    expect(notes).toEqual([expect.stringContaining('FS_KEY')]);
    expect(notes.join()).not.toContain('c2VjcmV0');
    expect(load({ env: { FS_PORT: '1', PLAYHEAD_PORT: '2' } }).config.port).toBe(2);
  });

  it('takes relative folders from where they are written', async () => {
    await mkdir(path.join(cwd, 'etc'));
    await writeFile(path.join(cwd, 'etc/own.yaml'), 'root: films\n');
    expect(load({ flags: { config: 'etc/own.yaml' } }).config.root).toBe(path.join(cwd, 'etc/films'));
    expect(load({ env: { PLAYHEAD_CONFIG: 'etc/own.yaml' } }).config.root).toBe(path.join(cwd, 'etc/films'));
    expect(load({ flags: { root: 'films' } }).config.root).toBe(path.join(cwd, 'films'));
  });

  it('knows the home folder where the shell does not, and takes an empty variable for none', () => {
    expect(load({ flags: { root: '~/films' } }).config.root).toBe(path.join(homedir(), 'films'));
    expect(load({ flags: { root: '~films' } }).config.root).toBe(path.join(cwd, '~films'));
    expect(load({ env: { PLAYHEAD_PORT: '', FS_PATH: '' } }).config).toMatchObject({
      port: 8000,
      root: '/default',
    });
  });

  it.each([
    [{ port: '65536' }, /port expects a number from 0 to 65535/],
    [{ port: '80x' }, /port expects a whole number, not "80x"/],
    [{ port: '' }, /port expects a whole number/],
    [{ host: 'a b' }, /host expects/],
    [{ cors: 'player.example' }, /cors expects/],
    [{ logLevel: 'loud' }, /logLevel expects one of/],
    [{ idleTimeout: '0' }, /idleTimeout must not be less than 1/],
    [{ shutdownGrace: 'soon' }, /shutdownGrace expects a number of seconds/],
  ])('refuses the flags %j', (flags, message) => {
    expect(problemsOf({ flags })).toEqual([expect.stringMatching(message)]);
  });

  it('refuses text that only looks like a truth value', () => {
    expect(problemsOf({ env: { PLAYHEAD_HIDDEN: 'no' } })).toEqual([
      expect.stringMatching(/hidden expects true or false/),
    ]);
    expect(load({ env: { PLAYHEAD_HIDDEN: '0' } }).config.hidden).toBe(false);
  });

  it('refuses what it does not know, and suggests what was meant', async () => {
    await yaml('porrt: 1\nzzzzzzzzzz: 2\n');
    const problems = problemsOf({ env: { PLAYHEAD_LOGLEVEL: 'info', HOME: '/' } });
    expect(problems).toEqual([
      expect.stringContaining('"porrt"; did you mean "port"?'),
      expect.stringContaining('"zzzzzzzzzz"; known are root, host, port'),
      expect.stringContaining('"PLAYHEAD_LOGLEVEL"; did you mean "PLAYHEAD_LOG_LEVEL"?'),
    ]);
  });

  it('reports everything that is wrong at once', async () => {
    await yaml('port: high\n');
    expect(problemsOf({ flags: { logLevel: 'loud' }, env: { PLAYHEAD_HOST: '?' } })).toHaveLength(3);
  });

  it.each([
    ['port: [1', /playhead.yaml: /],
    ['- port', /playhead.yaml: expects settings/],
    ['port: 80.5', /playhead.yaml: port expects a whole number/],
    ['hidden: "yes"', /playhead.yaml: hidden expects true or false/],
  ])('refuses the file %j', async (text, message) => {
    await yaml(text);
    expect(problemsOf({})).toEqual([expect.stringMatching(message)]);
  });

  it('accepts an empty file, and misses one that is named', async () => {
    await yaml('# nothing yet\n');
    expect(load().config.port).toBe(8000);
    expect(problemsOf({ flags: { config: 'other.yaml' } })).toEqual([
      'other.yaml: cannot read this file (ENOENT)',
    ]);
  });

  it('prints every setting with its origin', () => {
    const text = describeConfig(load({ flags: { port: '0' } }));
    expect(text).toMatch(/^port +0 +flag -p, --port$/m);
    expect(text).toMatch(/^host +"127\.0\.0\.1" +default$/m);
  });
});
