// Brings a checkout into a state in which it runs: packages installed, sources built. Needs nothing but Node and npm,
// any version that runs this file, since on a fresh clone nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');
const MODULES = path.join(ROOT, 'node_modules');
const MINIMUM = [22, 12];
const OWN_NODE = path.join(MODULES, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Installs what the lock file says if that is not what is installed. */
export function installPackages() {
  const stamp = path.join(MODULES, '.playhead-installed');
  const wanted = digest([path.join(ROOT, 'package.json'), path.join(ROOT, 'package-lock.json')]);
  if (read(stamp) === wanted) return;
  say('installing packages');
  // Engine warnings speak of the Node that npm runs on; the server runs on the one that gets installed.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // The build needs the development packages, whatever NODE_ENV says.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(npm, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    fail(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}; its messages are above`);
  if (!existsSync(OWN_NODE) && !isRecentNode()) {
    fail(
      'the package "node" was installed without its program; allow install scripts (npm config get ignore-scripts)',
    );
  }
  writeFileSync(stamp, wanted);
}

/** Builds `dist/` if it was built from other sources, or by other packages, than are here now. */
export function buildSources() {
  const stamp = path.join(ROOT, 'dist/.playhead-built');
  const inputs = ['src', 'viewer', 'web']
    .flatMap((folder) => filesBelow(path.join(ROOT, folder)))
    // Made by the build itself, from the contract.
    .filter((file) => !file.endsWith('schema.d.ts'));
  const settings = [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'openapi.yaml',
    'scripts/build.mjs',
    'scripts/lib/page.mjs',
  ];
  const wanted = digest([...inputs, ...settings.map((name) => path.join(ROOT, name))]);
  if (read(stamp) === wanted) return;
  say('building');
  const { status } = spawnSync(nodeBinary(), ['scripts/build.mjs'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('the build failed; its messages are above');
  writeFileSync(stamp, wanted);
}

/** The Node of this project, or the one that runs this if that is new enough and the project's is missing. */
export function nodeBinary() {
  if (existsSync(OWN_NODE)) return OWN_NODE;
  if (isRecentNode()) return process.execPath;
  fail(
    `Node ${MINIMUM.join('.')} or newer is needed, this is ${process.versions.node}; run npm install to get it`,
  );
}

export function isRecentNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function digest(files) {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const file of files.sort()) hash.update(`\0${path.relative(ROOT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** To standard error: standard output belongs to the program that is started. */
function say(message) {
  process.stderr.write(`playhead: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
