import { mkdir, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { userInfo } from 'node:os';
import path from 'node:path';
import { findPrograms, TEST_PROGRAMS } from '../../scripts/lib/server-programs.mjs';
import { freePort } from './browser/free-port.js';
import { startGroup } from './browser/process-group.js';
import { untilUp } from './browser/until-up.js';
import { makeFolder } from './playhead.js';
import { findProgram } from './programs.js';

/** Another web server, run by the tests on a port of its own. */
export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

const programs = findPrograms(TEST_PROGRAMS, ['nginx', 'caddy']);
const python = findProgram(['python3']);

/** Which of them can be started here. */
export const AVAILABLE = {
  nginx: programs.nginx !== undefined,
  caddy: programs.caddy !== undefined,
  python: python !== undefined,
};

/** nginx with its defaults and the types that its own table has for these. @param location directives of the server */
export async function startNginx(location: string): Promise<WebServer> {
  const port = await freePort();
  const folder = await makeFolder();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path.join(folder, name)};`,
  );
  const config = path.join(folder, 'nginx.conf');
  await writeFile(
    config,
    `${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
daemon off; worker_processes 1; pid ${path.join(folder, 'pid')}; error_log stderr crit;
events { }
http {
  access_log off; sendfile on; ${temporary.join(' ')}
  types { text/html html; video/mp4 mp4; audio/mpeg mp3; audio/x-m4a m4a; video/webm webm; video/quicktime mov; }
  server { listen 127.0.0.1:${port}; ${location} }
}
`,
  );
  const { command, env } = programs.nginx!;
  return start(command, ['-p', folder, '-e', 'stderr', '-c', config], env, port, folder);
}

/** Caddy, without administration and certificates. @param site directives of the site */
export async function startCaddy(site: string): Promise<WebServer> {
  const port = await freePort();
  const folder = await makeFolder();
  const config = path.join(folder, 'Caddyfile');
  await writeFile(
    config,
    `{\n  admin off\n  auto_https off\n}\nhttp://:${port} {\n  bind 127.0.0.1\n${site}\n}\n`,
  );
  const { command, env } = programs.caddy!;
  await mkdir(path.join(folder, 'home'));
  const args = ['run', '--adapter', 'caddyfile', '--config', config];
  return start(command, args, { ...env, HOME: path.join(folder, 'home') }, port, folder);
}

/** Python's own: `python3 -m http.server`. */
export async function startPython(root: string): Promise<WebServer> {
  const port = await freePort();
  const args = ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', root];
  return start(python!, args, {}, port);
}

async function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
  folder?: string,
): Promise<WebServer> {
  const group = startGroup(program, args, {
    env: { PATH: process.env.PATH, ...env },
    ...(folder !== undefined && { folder }),
  });
  const close = async () => {
    await group.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilUp(group, () => answers(port));
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, close };
}

function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, agent: false }, (response) => {
        response.destroy();
        resolve();
      })
      .on('error', reject);
  });
}
