import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  cp,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rewriteFile } from '../../src/optimize/rewrite-file.js';
import { writeLargeMovie } from '../support/large-movie.js';
import { hashOf, leftovers, optimize } from '../support/optimizing.js';
import { makeFolder, startPlayhead, type Playhead } from '../support/playhead.js';
import { PlayheadProcess, PROJECT, runPlayhead } from '../support/playhead-process.js';
import { findProgram, run } from '../support/programs.js';
import { MEDIA, SAMPLES } from '../support/samples.js';

const FIXTURES = path.join(PROJECT, 'test/fixtures/media');
const SLOW = path.join(SAMPLES, 'video/mp4-moov-last.mp4');
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
const escaped = (name: string) => name.split('/').map(encodeURIComponent).join('/');

describe('playhead optimize of the samples', () => {
  let folder: string;
  let served: Playhead;
  let names: string[];
  const expected = new Map<string, Buffer>();
  beforeAll(async () => {
    folder = await makeFolder();
    await cp(SAMPLES, folder, { recursive: true });
    const recorded = (await readdir(FIXTURES)).filter((name) => name.endsWith('.webm'));
    for (const name of recorded) await copyFile(path.join(FIXTURES, name), path.join(folder, name));
    names = [...MEDIA.map((sample) => sample.path), ...recorded];
    for (const name of names) {
      await chmod(path.join(folder, name), 0o640);
      await utimes(path.join(folder, name), 1_500_000_000.25, 1_400_000_000.125);
    }
    served = await startPlayhead({ root: folder });
    for (const name of names) expected.set(name, (await served.http.get(`/stream/${escaped(name)}`)).body);
  });
  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  it('makes each what /stream sends, and /files then sends the same', async () => {
    const before = new Map(
      await Promise.all(names.map(async (name) => [name, await hashOf(path.join(folder, name))] as const)),
    );
    const { code, stdout, stderr } = await optimize(folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rewritten = [];
    for (const name of names) {
      const file = path.join(folder, name);
      const { mode, mtimeMs } = await stat(file);
      expect([name, mode & 0o777, mtimeMs]).toEqual([name, 0o640, 1_400_000_000_125]);
      expect((await readFile(file)).equals(expected.get(name)!)).toBe(true);
      if ((await hashOf(file)) !== before.get(name)) rewritten.push(name);
      const [raw, stream] = await Promise.all(
        ['files', 'stream'].map((form) => served.http.get(`/${form}/${escaped(name)}`)),
      );
      expect(raw!.body.equals(expected.get(name)!)).toBe(true);
      expect(stream!.headers.etag).toBe(raw!.headers.etag);
    }
    expect(rewritten.length).toBeGreaterThanOrEqual(7);
    for (const name of rewritten) expect(stdout).toContain(`rewritten      ${path.join(folder, name)}: `);
    expect(stdout).toMatch(
      new RegExp(`\nrewritten +${rewritten.length} {3}[\\d.]+ MiB\nnothing to do +\\d+\n$`),
    );
    expect(leftovers(folder)).toEqual([]);
  });

  (findProgram(['ffprobe']) ? it : it.skip)('ffprobe reads them, without a complaint', async () => {
    for (const name of names) {
      const file = path.join(folder, name);
      const args = ['-v', 'warning', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
      const { stdout } = await run('ffprobe', args);
      expect([name, Number(stdout) > 5]).toEqual([name, true]);
    }
  });

  it('finds nothing to do the second time', async () => {
    const { code, stdout } = await optimize('--json', folder);
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; state: string });
    expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['not-needed']));
    expect(lines.map(({ file }) => file)).toEqual(
      expect.arrayContaining(names.map((name) => path.join(folder, name))),
    );
  });
});

describe('playhead optimize', () => {
  let folder: string;
  let original: Buffer;
  const at = (name: string) => path.join(folder, name);
  beforeEach(async () => {
    folder = await makeFolder();
    original = await readFile(SLOW);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const isOriginal = async (name: string) => (await readFile(at(name))).equals(original);

  it('--dry-run says what would change and changes nothing', async () => {
    await copyFile(SLOW, at('a.mp4'));
    const { code, stdout } = await optimize('--dry-run', folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^repairable {5}\S+\/a\.mp4: The moov box.*\nrepairable +1 {3}284 KiB\n$/);
    expect(await isOriginal('a.mp4')).toBe(true);
    expect(await readdir(folder)).toEqual(['a.mp4']);
  });

  it('--keep-original keeps it, leaves it alone ever after, and refuses when its name is taken', async () => {
    await Promise.all(['a.mp4', 'b.mp4', 'c'].map((name) => copyFile(SLOW, at(name))));
    await writeFile(at('b.orig.mp4'), 'precious');
    const { code, stdout } = await optimize('--keep-original', folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /failed +\S+\/b\.mp4: The name under which the original would be kept is taken.*\(original-exists\)/,
    );
    expect(await readdir(folder)).toEqual(['a.mp4', 'a.orig.mp4', 'b.mp4', 'b.orig.mp4', 'c', 'c.orig']);
    expect(await Promise.all(['a.mp4', 'a.orig.mp4', 'b.mp4', 'c.orig'].map(isOriginal))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(String(await readFile(at('b.orig.mp4')))).toBe('precious');
    expect((await optimize(folder)).code).toBe(0);
    expect(await Promise.all(['a.orig.mp4', 'b.mp4', 'c.orig'].map(isOriginal))).toEqual([true, false, true]);
  });

  it('looks into folders, past what is hidden and links; a link that is named it follows', async () => {
    const outside = await makeFolder();
    await Promise.all(['deep/er', '.hidden'].map((name) => mkdir(at(name), { recursive: true })));
    await Promise.all(
      ['a.mp4', 'deep/er/b.mp4', '.hidden/c.mp4', '.d.mp4'].map((name) => copyFile(SLOW, at(name))),
    );
    await Promise.all(['e.mp4', 'f.mp4'].map((name) => copyFile(SLOW, path.join(outside, name))));
    await symlink(outside, at('out'));
    await symlink(path.join(outside, 'e.mp4'), at('e.mp4'));
    await symlink('..', at('deep/loop'));
    await symlink(folder, path.join(outside, 'named'));
    await symlink('f.mp4', path.join(outside, 'link.mp4'));
    const { code, stdout } = await optimize(path.join(outside, 'named'), path.join(outside, 'link.mp4'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nrewritten +3 /);
    const untouched = await Promise.all(['.hidden/c.mp4', '.d.mp4', 'e.mp4'].map(isOriginal));
    expect(untouched).toEqual([true, true, true]);
    expect((await readFile(path.join(outside, 'f.mp4'))).equals(original)).toBe(false);
    expect((await readdir(outside)).sort()).toEqual(['e.mp4', 'f.mp4', 'link.mp4', 'named']);
    await rm(outside, { recursive: true });
  });

  it('says what failed or cannot be repaired, goes on, and exits with 1', async () => {
    await writeFile(at('cut.mp4'), original.subarray(0, -1000));
    await copyFile(SLOW, at('film.mp4'));
    await link(at('film.mp4'), at('film-2.mp4'));
    await copyFile(SLOW, at('fixed.mp4'));
    await chmod(at('fixed.mp4'), 0o444);
    const { code, stdout } = await optimize('--json', at('nothing.mp4'), folder);
    expect(code).toBe(1);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { file: at('nothing.mp4'), state: 'failed', reason: 'missing', message: expect.any(String) },
      {
        file: at('cut.mp4'),
        state: 'impossible',
        repairs: [expect.objectContaining({ reason: 'truncated' })],
      },
      {
        file: at('fixed.mp4'),
        state: 'failed',
        reason: 'read-only',
        message: expect.stringContaining('chmod'),
      },
      expect.objectContaining({
        file: at('film-2.mp4'),
        state: 'rewritten',
        otherNames: 1,
        size: original.length,
      }),
      expect.objectContaining({ file: at('film.mp4'), state: 'rewritten', otherNames: 0 }),
    ]);
  });

  it.each([[['optimize']], [['optimize', '--nonsense', 'x']]])('exits with 2 for %j', async (args) => {
    expect(await runPlayhead(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^playhead: /),
    });
  });

  describe('as a user who may not', () => {
    const cases: [string, string, () => Promise<void>][] = [
      ['read it', 'denied', () => chmod(at('film.mp4'), 0o600)],
      ['write it', 'read-only', () => chmod(at('film.mp4'), 0o644)],
      [
        'create files beside it',
        'read-only-folder',
        async () => {
          await chmod(folder, 0o755);
          await chown(at('film.mp4'), NOBODY, NOBODY);
        },
      ],
      ['give it to its owner', 'owner-not-kept', () => chmod(at('film.mp4'), 0o666)],
    ];
    (isRoot ? it.each(cases) : it.skip.each(cases))('%s: %s', async (_, reason, arrange) => {
      await copyFile(SLOW, at('film.mp4'));
      await chmod(folder, 0o777);
      await arrange();
      const { code, stdout } = await runPlayhead(['optimize', folder], { uid: NOBODY });
      expect(code).toBe(1);
      expect(stdout).toContain(`(${reason})\n`);
      expect(await readdir(folder)).toEqual(['film.mp4']);
      expect(await isOriginal('film.mp4')).toBe(true);
    });
  });

  asRoot('needs room for both files, and leaves the old one when the disk gets full', async () => {
    const disk = at('disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]);
    try {
      const film = path.join(disk, 'film.mp4');
      await copyFile(SLOW, film);
      // Room when it begins, and none a moment later.
      const filling = rewriteFileWhileFilling(film, disk);
      await expect(filling).rejects.toMatchObject({ reason: 'insufficient-storage' });
      expect(leftovers(disk)).toEqual([]);
      expect((await readFile(film)).equals(original)).toBe(true);
      const { code, stdout } = await optimize(film);
      expect(code).toBe(1);
      expect(stdout).toContain('(insufficient-storage)');
      expect((await readFile(film)).equals(original)).toBe(true);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  const pty = findProgram(['python3']) ? it : it.skip;
  pty('shows on a terminal how far it is, in colour unless NO_COLOR is set', async () => {
    const script = 'import pty,sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const onTerminal = async (env: Record<string, string>) => {
      await writeLargeMovie(at('film.mp4'), 200);
      const args = ['-c', script, process.execPath, path.join(PROJECT, 'dist/cli.js'), 'optimize', folder];
      const program = PlayheadProcess.launch('python3', args, { env: { TERM: 'xterm', ...env } });
      expect(await program.exited()).toBe(0);
      return program.stdout;
    };
    const coloured = await onTerminal({});
    expect(coloured).toMatch(/\x1b\[36m\[#*-*\] {2}0\/1 files {2}[\d.]+ \S+ of 200 MiB/); // eslint-disable-line no-control-regex
    expect(coloured).toContain('\x1b[32mrewritten');
    const plain = await onTerminal({ NO_COLOR: '1' });
    expect(plain).toMatch(/\r\x1b\[2K\[#*-*\] {2}0\/1 files/); // eslint-disable-line no-control-regex
    expect(plain).not.toMatch(/\x1b\[\d+m/); // eslint-disable-line no-control-regex
  });
});

/** Fills the disk once the space was looked at: when the temporary file is there. */
async function rewriteFileWhileFilling(film: string, disk: string): Promise<unknown> {
  const rewriting = rewriteFile(film);
  rewriting.catch(() => undefined);
  for (;;) {
    if (leftovers(disk).length > 0) break;
    await new Promise(setImmediate);
  }
  try {
    writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(2 ** 20));
  } catch {
    // It is full now, which was the purpose.
  }
  return rewriting;
}
