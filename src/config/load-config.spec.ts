import { readFileSync } from 'node:fs';
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
      env: { FS_BIND: '0.0.0.0', FS_PORT: '9000', FS_PATH: '/media', FS_KEY: 'dGVzdDpzZWNyZXQ=' },
    });
    expect(config).toMatchObject({ host: '0.0.0.0', port: 9000, root: '/media' });
    expect(config.users).toEqual([
      { name: 'test', password: 'secret', rules: [{ path: '', permissions: ['admin'] }] },
    ]);
    expect(origins.get('port')).toBe('FS_PORT');
    expect(origins.get('users')).toBe('FS_KEY');
    expect(notes).toEqual([expect.stringMatching(/FS_KEY .* user test/)]);
    expect(notes.join()).not.toMatch(/dGVzd|secret/);
    expect(load({ env: { FS_PORT: '1', PLAYHEAD_PORT: '2' } }).config.port).toBe(2);
  });

  it.each(['c2VjcmV0', 'plain text', 'OmE=', '/zo6YQ==', 'YTr/'])(
    'takes the key %s, which is no name and password, for the password of admin',
    (key) => {
      expect(load({ env: { FS_KEY: key } }).config.users).toMatchObject([{ name: 'admin', password: key }]);
    },
  );

  it('prefers a user of the settings to that of the old key', () => {
    const { config, notes } = load({ flags: { user: ['admin:own@/:r'] }, env: { FS_KEY: 'secret' } });
    expect(config.users).toMatchObject([{ name: 'admin', password: 'own' }]);
    expect(notes.join()).toMatch(/FS_KEY is not used/);
  });

  it('takes users and rules from flags, environment and file', async () => {
    await yaml(
      [
        'users:',
        '  - name: alice',
        '    password: "all: of @/this"',
        '    rules:',
        '      - { path: /music/, permissions: [read, write] }',
        '      - /films:r',
        'rules: [{ path: /private, permissions: [] }, "/inbox:w"]',
        'anonymous: false',
        'trustedProxies: [127.0.0.1, 10.0.0.0/8]',
        'sessionLifetime: 2d',
        'uploadExpiry: 90m',
        'trashRetention: 12h',
      ].join('\n'),
    );
    expect(load().config).toMatchObject({
      users: [
        {
          name: 'alice',
          password: 'all: of @/this',
          rules: [
            { path: 'music', permissions: ['read', 'write'] },
            { path: 'films', permissions: ['read'] },
          ],
        },
      ],
      rules: [
        { path: 'private', permissions: [] },
        { path: 'inbox', permissions: ['write'] },
      ],
      anonymous: false,
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
      sessionLifetime: 172_800,
      uploadExpiry: 5400,
      trashRetention: 43_200,
    });
    expect(load({ env: { PLAYHEAD_USERS: 'a:x@/:r\nb:y@/:w\n' } }).config.users).toMatchObject([
      { name: 'a' },
      { name: 'b' },
    ]);
    const { config, origins } = load({
      flags: { user: ['a:p:w@d@/x:rw,/y:-', 'a:p:w@d@/z:a'], anonymous: true },
    });
    expect(config.anonymous).toBe(true);
    expect(config.users).toEqual([
      {
        name: 'a',
        password: 'p:w@d',
        rules: [
          { path: 'x', permissions: ['read', 'write'] },
          { path: 'y', permissions: [] },
          { path: 'z', permissions: ['admin'] },
        ],
      },
    ]);
    expect(origins.get('users')).toBe('flag --user');
  });

  it.each([
    ['alice', /expects NAME:PASSWORD@\/PATH:LETTERS/],
    ['alice:hunter2', /expects NAME:PASSWORD/],
    ['alice:hunter2@music:r', /expects NAME:PASSWORD/],
    ['alice:hunter2@/', /of alice: expects rules such as/],
    ['alice:hunter2@/music', /of alice: expects rules such as/],
    ['alice:hunter2@/music:x', /of alice: expects permissions in letters/],
    ['alice:hunter2@/a:r,/A:w', /two rules of alice for \/A /],
    ['alice:hunter2@/a@/b:r', /stands twice; write this user into playhead.yaml/],
    [':hunter2@/:r', /expects names/],
    ['Anonymous:hunter2@/:r', /expects names/],
    ['alice:@/:r', /for alice a password/],
    ['alice:$argon2id$v=19$hunter2@/:r', /hash for alice that is not known here/],
    ['alice:$scrypt$hunter2@/:r', /hash for alice that is not known here/],
  ])('refuses the user %s, and tells nobody the password', (user, message) => {
    const problems = problemsOf({ flags: { user: [user] } });
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(problems.join()).toMatch(/^flag --user: users /);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses two passwords for one name', () => {
    expect(problemsOf({ flags: { user: ['a:x@/:r', 'a:y@/b:r'] } }).join()).toMatch(/a twice/);
  });

  it.each([
    ['users: alice', /expects NAME:PASSWORD/],
    ['users: { alice: x }', /expects a list/],
    [
      'users: [{ name: a, password: hunter2, rule: [] }]',
      /does not know "rule"; known are name, password, rules/,
    ],
    ['users: [{ name: a, password: 123456 }]', /password of 1 to 1024 characters; put it in quotes/],
    ['users: [{ name: a, password: hunter2, rules: [{ path: b, permissions: r }] }]', /of a: expects paths/],
    ['rules: [{ path: /a, permissions: [reed] }]', /expects permissions such as \[read, write\]/],
    ['rules: [{ path: /a }]', /expects permissions such as/],
    ['rules: [{ path: /a/../b, permissions: r }]', /without "\." or "\.\."/],
    ['rules: ["/a:r", "/a/:w"]', /two rules for \/a /],
    ['trustedProxies: [proxy.example]', /expects IP addresses and ranges/],
    ['maxUploadSize: 2 GB', /expects a number of bytes, such as/],
    ['write: true\nanonymous: false', /nobody can write without a name/],
    ['sessionLifetime: 1', /sessionLifetime must not be less than 60/],
    ['sessionLifetime: 366d', /sessionLifetime expects at most 365d/],
    ['uploadExpiry: 59s', /uploadExpiry must not be less than 60/],
    ['uploadExpiry: 366d', /uploadExpiry expects at most 365d/],
    ['trashRetention: 2 weeks', /expects seconds, or a time such as 90m, 12h or 30d/],
    ['trashRetention: -1', /expects seconds, or a time/],
    ['trashRetention: 3651d', /trashRetention expects at most 3650d/],
  ])('refuses %j', async (text, message) => {
    await yaml(text);
    const problems = problemsOf({});
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('warns of plain passwords, shows none, and takes hashes in silence', () => {
    const hash = `$scrypt$ln=4,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const loaded = load({ flags: { user: ['alice:hunter2@/:r', `bob:${hash}@/:r`] } });
    expect(loaded.notes).toEqual([expect.stringMatching(/^the password of alice can be read/)]);
    const shown = loaded.notes.join() + describeConfig(loaded);
    expect(shown).toContain('alice');
    expect(shown).not.toMatch(/hunter2|scrypt\$/);
    expect(load({ flags: { user: [`bob:${hash}@/:r`] } }).notes).toEqual([]);
  });

  it('takes a certificate and its key together alone', () => {
    expect(load({ flags: { tlsCert: 'c.pem', tlsKey: 'k.pem' } }).config).toMatchObject({
      tlsCert: path.join(cwd, 'c.pem'),
      tlsKey: path.join(cwd, 'k.pem'),
    });
    expect(problemsOf({ flags: { tlsCert: 'c.pem' } })).toEqual([expect.stringMatching(/add --tls-key$/)]);
    expect(problemsOf({ env: { PLAYHEAD_TLS_KEY: 'k.pem' } })).toEqual([
      expect.stringMatching(/^PLAYHEAD_TLS_KEY: .*add --tls-cert$/),
    ]);
  });

  it.each([
    ['1500', 1500],
    ['2K', 2048],
    ['500m', 500 * 1024 ** 2],
    ['20G', 20 * 1024 ** 3],
  ])('reads %s as a number of bytes', (text, bytes) => {
    expect(load({ flags: { maxUploadSize: text } }).config.maxUploadSize).toBe(bytes);
  });

  it('has an example file that names every setting and changes none', () => {
    const example = path.join(import.meta.dirname, '../../playhead.example.yaml');
    expect(load({ flags: { config: example } }).config).toEqual(load().config);
    const text = readFileSync(example, 'utf8');
    for (const name of Object.keys(load().config)) expect(text).toMatch(new RegExp(`^(?:# )?${name}:`, 'm'));
  });

  it('takes relative folders from where they are written', async () => {
    await mkdir(path.join(cwd, 'etc'));
    await writeFile(path.join(cwd, 'etc/own.yaml'), 'root: films\n');
    expect(load({ flags: { config: 'etc/own.yaml' } }).config.root).toBe(path.join(cwd, 'etc/films'));
    expect(load({ env: { PLAYHEAD_CONFIG: 'etc/own.yaml' } }).config.root).toBe(path.join(cwd, 'etc/films'));
    expect(load({ flags: { root: 'films' } }).config.root).toBe(path.join(cwd, 'films'));
  });

  it('takes the state folder from there too, and has none by default', async () => {
    await writeFile(path.join(cwd, 'playhead.yaml'), 'stateDir: state\n');
    expect(load().config.stateDir).toBe(path.join(cwd, 'state'));
    expect(load({ flags: { stateDir: '~/p' } }).config.stateDir).toBe(path.join(homedir(), 'p'));
    await rm(path.join(cwd, 'playhead.yaml'));
    expect(load().config.stateDir).toBeNull();
  });

  it('takes sizes in bytes and in larger units', async () => {
    expect(load().config.maxUploadSize).toBeNull();
    expect(load({ flags: { maxUploadSize: '1500' } }).config.maxUploadSize).toBe(1500);
    expect(load({ env: { PLAYHEAD_MAX_UPLOAD_SIZE: '2g' } }).config.maxUploadSize).toBe(2 * 2 ** 30);
    await yaml('maxUploadSize: 500M\n');
    expect(load().config.maxUploadSize).toBe(500 * 2 ** 20);
    await rm(path.join(cwd, 'playhead.yaml'));
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
    [{ maxUploadSize: '2X' }, /maxUploadSize expects a number of bytes/],
    [{ maxUploadSize: '1.5G' }, /maxUploadSize expects a number of bytes/],
    [{ maxUploadSize: '999999999999999T' }, /maxUploadSize expects a number of bytes/],
    [{ maxUploadSize: '0' }, /maxUploadSize must not be less than 1/],
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
