import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../support/playhead.js';
import { PlayheadProcess, PROJECT } from '../support/playhead-process.js';

/** Installing all packages takes its time on a slow line. */
const MINUTES = 5 * 60_000;

describe('npm start on a fresh clone', () => {
  let clone: string;
  beforeAll(async () => {
    clone = await makeFolder();
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: PROJECT,
    });
    for (const file of files.toString().split('\0').filter(Boolean)) {
      await mkdir(path.dirname(path.join(clone, file)), { recursive: true });
      await cp(path.join(PROJECT, file), path.join(clone, file));
    }
  });
  afterAll(() => rm(clone, { recursive: true, force: true }));

  /** Runs `npm start`, takes a file from the server, stops it; answers what was prepared first. */
  async function start(...args: string[]): Promise<string> {
    const npm = PlayheadProcess.launch('npm', ['start', '--', '--port', '0', ...args], { cwd: clone });
    try {
      const { url } = await npm.listening(MINUTES);
      const sample = await fetch(`${url}/files/documents/notes.txt`);
      expect(sample.status).toBe(200);
      expect((await fetch(`${url}/docs/assets/swagger-ui.css`)).status).toBe(200);
      npm.signal('SIGTERM');
      await npm.exited();
      await expect(fetch(url)).rejects.toThrow();
      return npm.stderr.match(/^playhead: .*$/gm)?.join('\n') ?? '';
    } finally {
      await npm.kill();
    }
  }

  it(
    'installs, builds and serves the samples; the second time it just serves',
    async () => {
      expect(await start()).toBe('playhead: installing packages\nplayhead: building');
      expect(await start()).toBe('');
    },
    MINUTES,
  );

  it(
    'builds again after a change of the sources',
    async () => {
      await appendFile(path.join(clone, 'src/main.ts'), '\nexport const marker = 1;\n');
      expect(await start()).toBe('playhead: building');
      expect(await readFile(path.join(clone, 'dist/main.js'), 'utf8')).toContain('marker');
      expect(await start()).toBe('');
    },
    MINUTES,
  );

  it(
    'installs again after a change of the lock file',
    async () => {
      await appendFile(path.join(clone, 'package-lock.json'), '\n');
      expect(await start()).toBe('playhead: installing packages\nplayhead: building');
    },
    MINUTES,
  );

  it(
    'says which line of the sources is wrong, and starts nothing',
    async () => {
      await writeFile(path.join(clone, 'src/main.ts'), 'const port: number = "eighty";\n');
      const npm = PlayheadProcess.launch('npm', ['start', '--', '--port', '0'], { cwd: clone });
      expect(await npm.exited()).not.toBe(0);
      expect(npm.stderr).toMatch(/src\/main\.ts\(1,7\): error/);
      expect(npm.stderr).toMatch(/playhead: the build failed/);
      expect(npm.stdout).not.toMatch(/listening/);
    },
    MINUTES,
  );
});
