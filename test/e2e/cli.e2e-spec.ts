import { once } from 'node:events';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../support/playhead.js';
import { PlayheadProcess, PROJECT, runPlayhead } from '../support/playhead-process.js';
import { begin, exchange, get, rest } from '../support/raw-socket.js';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

describe('the command line', () => {
  let folder: string;
  const running: PlayheadProcess[] = [];
  const start = (args: string[], options = {}) => {
    const program = PlayheadProcess.start(args, options);
    running.push(program);
    return program;
  };
  beforeAll(async () => {
    folder = await makeFolder();
    await writeFile(path.join(folder, 'film.mp4'), Buffer.alloc(64 * 2 ** 20, 'x'));
    await writeFile(path.join(folder, 'a.txt'), 'hello');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((program) => program.kill()));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('serves a folder on a free port and says where, what and how', async () => {
    const program = start([folder, '--port', '0']);
    const { url, port } = await program.listening();
    expect(port).toBeGreaterThan(0);
    expect(program.stdout).toContain(`serving ${folder}, read-only`);
    expect(program.stdout).not.toContain('also on');
    expect(await (await fetch(`${url}/files/a.txt`)).text()).toBe('hello');
    program.signal('SIGTERM');
    expect(await program.exited()).toBe(0);
  });

  it.each([
    ['serve DIR', () => ['serve', folder]],
    ['--root', () => ['--root', folder]],
  ])('takes the folder by %s too', async (_, args) => {
    const { url } = await start([...args(), '-p', '0']).listening();
    expect((await fetch(`${url}/files/a.txt`)).status).toBe(200);
  });

  it('serves the current folder without DIR, with the settings file that lies there', async () => {
    await writeFile(path.join(folder, 'playhead.yaml'), 'port: 0\nlogLevel: silent\n');
    const program = start([], { cwd: folder });
    const { url } = await program.listening();
    expect((await fetch(`${url}/files/a.txt`)).status).toBe(200);
    expect(program.stderr).toBe('');
    await rm(path.join(folder, 'playhead.yaml'));
  });

  it('lists the addresses in the network when it listens beyond this machine', async () => {
    const program = start([folder, '--port', '0', '--host', '0.0.0.0']);
    const { url } = await program.listening();
    expect(url).toContain('http://127.0.0.1:');
    const others = [...program.stdout.matchAll(/also on (\S+)/g)].map(([, other]) => other!);
    for (const other of others) expect((await fetch(`${other}/files/a.txt`)).status).toBe(200);
  });

  it('understands the variables of the old server', async () => {
    const env = { FS_BIND: '127.0.0.1', FS_PORT: '0', FS_PATH: folder, FS_KEY: 'dGVzdDpteSBzZWNyZXQ=' };
    const program = start([], { env });
    const { url } = await program.listening();
    expect((await fetch(`${url}/files/a.txt`)).status).toBe(200);
    expect(program.stdout).toMatch(/note: FS_KEY of the old server is the user test/);
    expect(program.stdout + program.stderr).not.toMatch(/dGVzdD|my secret/);
  });

  it('takes users, warns of their plain passwords, and shows them nowhere', async () => {
    const program = start([folder, '--port', '0', '--user', 'alice:hunter2@/:rw', '--no-anonymous']);
    const { url } = await program.listening();
    expect((await fetch(`${url}/files/a.txt`)).status).toBe(401);
    const Authorization = `Basic ${Buffer.from('alice:hunter2').toString('base64')}`;
    expect((await fetch(`${url}/files/a.txt`, { headers: { Authorization } })).status).toBe(200);
    expect(program.stdout).toMatch(/alice may write/);
    expect(program.stdout).toMatch(/note: the password of alice can be read/);
    const { stdout } = await runPlayhead(['config', folder, '--user', 'alice:hunter2@/:rw']);
    expect(stdout).toMatch(/^users +\[\{"name":"alice",.* flag --user$/m);
    expect(stdout).toMatch(/^anonymous +true +default$/m);
    expect(program.stdout + program.stderr + stdout).not.toContain('hunter2');
  });

  it('lets everybody write on this machine', async () => {
    const program = start([folder, '--port', '0', '--write']);
    await program.listening();
    expect(program.stdout).toContain('everybody may write');
  });

  describe('hash-password', () => {
    it('hashes what it reads, so that one can log in with it', async () => {
      const program = PlayheadProcess.launch('sh', [
        '-c',
        `printf 'correct h\\303\\266rse\\n' | '${process.execPath}' '${path.join(PROJECT, 'dist/cli.js')}' hash-password`,
      ]);
      expect(await program.exited()).toBe(0);
      const hash = program.stdout.trim();
      expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[^$]{22}\$[^$]{43}$/);
      const { url } = await start([folder, '--port', '0', '--user', `a:${hash}@/:r`]).listening();
      const by = async (password: string) => {
        const Authorization = `Basic ${Buffer.from(`a:${password}`).toString('base64')}`;
        return (await fetch(`${url}/files/a.txt`, { headers: { Authorization } })).status;
      };
      expect([await by('correct hörse'), await by('wrong')]).toEqual([200, 401]);
    });

    it('shows nothing of what is typed into a terminal', async () => {
      const script = [
        'import os, pty, select, sys',
        'pid, fd = pty.fork()',
        'if pid == 0: os.execv(sys.argv[1], sys.argv[1:])',
        'seen = b""',
        'def until(text):',
        '  global seen',
        '  while text not in seen:',
        '    try: data = os.read(fd, 4096)',
        '    except OSError: data = b""',
        '    if not data: break',
        '    seen += data',
        'until(b"Password: ")',
        'os.write(fd, b"hunterX\\x7f2\\r")',
        'until(b"Once more: ")',
        'os.write(fd, b"hunter2\\r")',
        'until(b"never")',
        'print(seen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
      ].join('\n');
      const cli = path.join(PROJECT, 'dist/cli.js');
      const program = PlayheadProcess.launch('python3', [
        '-c',
        script,
        process.execPath,
        cli,
        'hash-password',
      ]);
      expect(await program.exited()).toBe(0);
      expect(program.stdout).toMatch(/Password: \s+Once more: \s+\$scrypt\$ln=17\S+\s+0\n$/);
      expect(program.stdout).not.toContain('hunter');
    });

    it('takes no empty password', async () => {
      const { code, stdout, stderr } = await runPlayhead(['hash-password']);
      expect([code, stdout, stderr]).toEqual([2, '', 'playhead: no password was given\n']);
    });
  });

  it('works when it is called by a link, as npm installs it', async () => {
    const link = path.join(folder, 'playhead');
    await symlink(path.join(PROJECT, 'dist/cli.js'), link);
    const program = PlayheadProcess.launch(process.execPath, [link, '--version']);
    expect(await program.exited()).toBe(0);
    expect(program.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints the settings and where they come from', async () => {
    const { code, stdout } = await runPlayhead(['config', folder, '--port', '1'], {
      env: { PLAYHEAD_HOST: '::1' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^port +1 +flag -p, --port$/m);
    expect(stdout).toMatch(/^host +"::1" +PLAYHEAD_HOST$/m);
    expect(stdout).toMatch(/^logLevel +"info" +default$/m);
  });

  it('helps, with examples and every setting', async () => {
    for (const args of [['--help'], ['serve', '--help']]) {
      const { code, stdout } = await runPlayhead(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}playhead ~\/Videos/);
    }
    expect((await runPlayhead(['serve', '--help'])).stdout).toMatch(/--shutdown-grace <seconds>/);
  });

  describe('says in one line what is wrong, and exits with 2', () => {
    const refusal = async (args: string[], options = {}) => {
      const { code, stdout, stderr } = await runPlayhead(args, options);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^playhead: .*\n$/);
      expect(code).toBe(2);
      return stderr;
    };

    it('a folder that is not there', async () => {
      expect(await refusal([path.join(folder, 'nothing')])).toMatch(/no folder .*nothing/);
    });

    it('a file instead of a folder', async () => {
      expect(await refusal([path.join(folder, 'a.txt')])).toMatch(/is not a folder/);
    });

    it('a port in use', async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as net.AddressInfo;
      expect(await refusal([folder, '--port', String(port)])).toMatch(new RegExp(`port ${port} .* in use`));
      server.close();
    });

    it.each([
      [['--prot', '1'], /unknown option '--prot' \(Did you mean --port\?\)/],
      [['--port', 'http'], /port expects a whole number, not "http"/],
      [['--port', '70000'], /port expects a number from 0 to 65535/],
      [['--port'], /argument missing/],
      [['--host', '203.0.113.1', '--port', '0'], /no address of this machine/],
      [['--log-level', 'loud'], /logLevel expects one of/],
      [
        ['--write', '--host', '0.0.0.0'],
        /everybody who reaches 0\.0\.0\.0 .*--user NAME:PASSWORD@\/:rwd.*--host 127/,
      ],
      [['--rule', '/inbox:w', '--host', '::'], /everybody who reaches :: could change/],
      [['--write', '--no-anonymous'], /leave out --write, or --no-anonymous/],
      [['--user', 'alice:hunter2'], /flag --user: users expects NAME:PASSWORD@\/PATH:LETTERS/],
      [['--trusted-proxies', 'proxy.example'], /expects IP addresses and ranges/],
      [['--config', 'nothing.yaml'], /cannot read this file/],
      [['two', 'folders'], /too many arguments/],
    ])('%j', async (args, message) => {
      expect(await refusal(args.includes('two') ? args : [folder, ...args])).toMatch(message);
    });

    it('an unknown variable of ours', async () => {
      expect(await refusal([folder], { env: { PLAYHEAD_PROT: '1' } })).toMatch(
        /did you mean "PLAYHEAD_(PORT|ROOT)"/,
      );
    });

    (isRoot ? it : it.skip)(
      'a folder that may not be read (needs root to become somebody else)',
      async () => {
        // The program is loaded before it gives root up: its own files may be out of reach of somebody else.
        const closed = path.join(folder, 'closed');
        await mkdir(closed);
        await chmod(closed, 0o700);
        await chmod(folder, 0o755);
        const script = `
          const { run } = await import(process.argv[1] + '/cli.js');
          await import(process.argv[1] + '/main.js');
          process.setuid(${NOBODY});
          process.exitCode = await run(process.argv.slice(2), { cwd: '/', defaultRoot: '/' });`;
        const program = PlayheadProcess.launch(process.execPath, [
          '--input-type=module',
          '-e',
          script,
          '--',
          path.join(PROJECT, 'dist'),
          closed,
        ]);
        expect(await program.exited()).toBe(2);
        expect(program.stderr).toMatch(/^playhead: the folder .*closed cannot be read; .*\n$/);
      },
    );
  });

  describe('stops in good order', () => {
    it.each(['SIGTERM', 'SIGINT'] as const)(
      'on %s it lets a running transfer finish and exits with 0',
      async (signal) => {
        const program = start([folder, '--port', '0']);
        const { port } = await program.listening();
        const socket = await begin(port, get('/files/film.mp4', 'Connection: close'));
        program.signal(signal);
        await new Promise((resolve) => setTimeout(resolve, 300));
        await expect(exchange(port, get('/files/a.txt'))).rejects.toThrow('ECONNREFUSED');
        expect((await rest(socket)).length).toBeGreaterThan(60 * 2 ** 20);
        expect(await program.exited()).toBe(0);
      },
    );

    it('does not wait for idle connections', async () => {
      const program = start([folder, '--port', '0']);
      const { port } = await program.listening();
      const socket = net.connect(port, '127.0.0.1');
      socket.write(get('/files/a.txt'));
      await once(socket, 'data');
      const begin = Date.now();
      program.signal('SIGTERM');
      expect(await program.exited()).toBe(0);
      expect(Date.now() - begin).toBeLessThan(5000);
      socket.destroy();
    });

    it('breaks off what has not finished after the grace time', async () => {
      const program = start([folder, '--port', '0', '--shutdown-grace', '0.5']);
      const { port } = await program.listening();
      const socket = await begin(port, get('/files/film.mp4'));
      program.signal('SIGTERM');
      expect(await program.exited()).toBe(0);
      expect(program.stderr).toMatch(/1 unfinished transfer was broken off/);
      socket.destroy();
    });

    it('takes a signal that comes twice at once for one, as npm makes it of Ctrl-C', async () => {
      const program = start([folder, '--port', '0']);
      const { port } = await program.listening();
      const socket = await begin(port, get('/files/film.mp4', 'Connection: close'));
      program.signal('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 20));
      program.signal('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await rest(socket)).length).toBeGreaterThan(60 * 2 ** 20);
      expect(await program.exited()).toBe(0);
    });

    it('does not die silently of an error nobody foresaw', async () => {
      // Somewhere, some time after the start, something throws outside of any request.
      const fault = `data:text/javascript,setTimeout(() => { throw new Error('unforeseen') }, 1500)`;
      const program = start([folder, '--port', '0'], { env: { NODE_OPTIONS: `--import="${fault}"` } });
      await program.listening();
      expect(await program.exited()).toBe(1);
      const line = program.stderr.split('\n').find((candidate) => candidate.includes('unforeseen'));
      expect(JSON.parse(line!)).toMatchObject({
        level: 60,
        msg: expect.stringContaining('uncaughtException'),
      });
    });

    it('goes at once on a second signal', async () => {
      const program = start([folder, '--port', '0', '--shutdown-grace', '60']);
      const { port } = await program.listening();
      const socket = await begin(port, get('/files/film.mp4'));
      program.signal('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 1200));
      program.signal('SIGINT');
      expect(await program.exited()).toBe(130);
      socket.destroy();
    });
  });
});
