// The programs that the suites with real clients need, and the Debian packages they come in.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** By suite: program -> package. */
const PROGRAMS = {
  clients: { curl: 'curl', wget: 'wget', aria2c: 'aria2', ffmpeg: 'ffmpeg', ffprobe: 'ffmpeg' },
  chromium: { chromium: 'chromium', chromedriver: 'chromium-driver' },
  firefox: { 'firefox-esr': 'firefox-esr' },
  webkit: { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' },
};

/** Without a program to look for: fonts for the pictures, decoders for WebKit, keys for its display. */
const COMPANIONS = {
  chromium: ['fonts-dejavu-core'],
  webkit: [
    'gstreamer1.0-libav',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
    'xauth',
  ],
};

/** The packages that are not there yet. */
export function missingPackages() {
  const debian = isDebian();
  const packages = Object.values(PROGRAMS).flatMap((programs) =>
    Object.entries(programs).flatMap(([program, name]) => (isInstalled(program) ? [] : [name])),
  );
  const companions = debian
    ? Object.values(COMPANIONS)
        .flat()
        .filter((name) => !isPackageInstalled(name))
    : [];
  return [...new Set([...packages, ...companions])];
}

/** Whether this process may install Debian packages. */
export function mayInstall() {
  return isDebian() && process.getuid?.() === 0;
}

/** Installs the packages; false when apt failed. */
export function installPackages(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);
}

function isDebian() {
  return isInstalled('apt-get') && isInstalled('dpkg-query');
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isPackageInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
}
