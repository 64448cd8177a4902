// Finds the servers and the load generator that come from Debian; where they are missing, takes them from their packages
// into a folder of ours. Nothing is installed on the machine: installing nginx would also start it, on every address.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './prepare.mjs';

/** Program -> the packages it consists of, where a plain Debian has not got the rest. */
const PACKAGES = {
  nginx: ['nginx', 'libpcre2-8-0'],
  caddy: ['caddy'],
  wrk: ['wrk', 'libluajit-5.1-2'],
};
const VERSION_FLAG = { nginx: '-v', caddy: 'version', wrk: '-v' };
const VERSION = /(?:nginx\/|wrk \S*?\/?|^v?)(\d[\w.+~-]*)/m;

/** Where the tests keep theirs. */
export const TEST_PROGRAMS = path.join(ROOT, 'node_modules/.cache/playhead');

/**
 * @param {string} folder where programs are unpacked
 * @param {string[]} names which are wanted
 * @returns {Record<string, { command: string, env: object, version: string }>} those that work here
 */
export function findPrograms(folder, names = Object.keys(PACKAGES)) {
  const found = names.map((name) => [name, installed(name) ?? unpacked(name, folder)]);
  return Object.fromEntries(found.filter(([, program]) => program !== undefined));
}

function installed(name) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`.split(':').filter(Boolean);
  const command = folders.map((folder) => path.join(folder, name)).find(isExecutable);
  return command && working(name, command, {});
}

function unpacked(name, folder) {
  const target = path.join(folder, 'programs', name);
  if (!existsSync(target)) download(name, target);
  const command = ['usr/bin', 'usr/sbin'].map((bin) => path.join(target, bin, name)).find(isExecutable);
  if (command === undefined) {
    // So that it is tried again: the network may be there next time.
    rmSync(target, { recursive: true, force: true });
    return undefined;
  }
  const libraries = path.join(target, 'usr/lib');
  const folders = existsSync(libraries) ? readdirSync(libraries) : [];
  const LD_LIBRARY_PATH = folders.map((sub) => path.join(libraries, sub)).join(':');
  return working(name, command, LD_LIBRARY_PATH === '' ? {} : { LD_LIBRARY_PATH });
}

/** Takes the packages from where apt has them, and unpacks them; without apt, nothing happens. */
function download(name, target) {
  mkdirSync(target, { recursive: true });
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { cwd: target, stdio: 'ignore' }).status === 0;
  console.log(`fetching ${name} from Debian`);
  if (!apt('download', ...PACKAGES[name]) && process.getuid?.() === 0)
    if (apt('update')) apt('download', ...PACKAGES[name]);
  for (const file of readdirSync(target).filter((entry) => entry.endsWith('.deb')))
    spawnSync('dpkg-deb', ['-x', file, '.'], { cwd: target, stdio: 'ignore' });
}

function working(name, command, env) {
  const { stdout, stderr, error } = spawnSync(command, [VERSION_FLAG[name]], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const version = error ? undefined : VERSION.exec(`${stdout}${stderr}`)?.[1];
  return version && { command, env, version };
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
