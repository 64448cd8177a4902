// The servers that are measured: how each is started on a folder, and where it then has a file.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeBinary, ROOT } from '../../scripts/lib/prepare.mjs';
import { freeze, printed, SERVER_CORE, startOn, stop, thaw } from './processes.mjs';

const BENCH = path.join(ROOT, 'bench');
const START_LIMIT = 20_000;

const folders = new Set();
process.on('exit', () => folders.forEach(removeFolder));

/**
 * All servers that can run here, Playhead first; ratios are to nginx or else to the first of the others.
 * @returns {{ name: string, title: string, version: string, base?: string, launch: Function }[]}
 */
export function serversFor(programs) {
  const node = spawnSync(nodeBinary(), ['--version'], { encoding: 'utf8' }).stdout.trim();
  const script = (name, title, module) => ({
    name,
    title,
    version: module ? packageVersion(BENCH, module) : node,
    launch: (root) => [nodeBinary(), [path.join(BENCH, 'servers', `${name}.mjs`), root]],
  });
  const own = [path.join(ROOT, 'dist/cli.js'), '--log-level', 'silent', '--port', '0', '--host', '127.0.0.1'];
  return [
    {
      name: 'playhead',
      title: 'Playhead',
      version: `${JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version} on Node ${node}`,
      base: '/files',
      launch: (root) => [nodeBinary(), [own[0], root, ...own.slice(1)]],
    },
    ...(programs.nginx ? [{ ...fromDebian('nginx', programs.nginx), configure: nginx }] : []),
    ...(programs.caddy ? [{ ...fromDebian('caddy', programs.caddy), configure: caddy }] : []),
    script('express-static', 'express.static', 'express'),
    script('fastify-static', '@fastify/static', '@fastify/static'),
    script('sirv', 'sirv', 'sirv'),
    script('node-http', 'node:http, createReadStream'),
  ];
}

/** The version of a package that the bench's own package.json brings. */
function packageVersion(benchFolder, name) {
  return JSON.parse(readFileSync(path.join(benchFolder, 'node_modules', name, 'package.json'), 'utf8'))
    .version;
}

function fromDebian(name, { command, env, version }) {
  return { name, title: name === 'caddy' ? 'Caddy' : name, version, command, env };
}

/**
 * Starts a server on its core and waits until it answers.
 * @returns {Promise<{ child: object, url: (file: string) => string, freeze(): void, thaw(): void, stop(): Promise<void> }>}
 */
export async function startServer(server, root) {
  const temp = mkdtempSync(path.join(os.tmpdir(), 'playhead-bench-run-'));
  folders.add(temp);
  const remove = () => removeFolder(temp);
  try {
    const { child, origin } = await (server.configure ? configured : announced)(server, root, temp);
    return {
      child,
      url: (file) => `${origin}${server.base ?? ''}/${file}`,
      origin,
      freeze: () => freeze(child),
      thaw: () => thaw(child),
      stop: () => stop(child).finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** A Node server takes any free port and prints it. */
async function announced(server, root, temp) {
  const [command, args] = server.launch(root);
  const child = startOn(SERVER_CORE, command, args, { cwd: temp, env: environment(temp) });
  const match = await printed(child, /listening on (http:\/\/[\w.:]+)/, START_LIMIT);
  if (match) return { child, origin: match[1] };
  await stop(child);
  throw new Error(`${server.title} did not start`);
}

/** Others are told the port in a configuration file. */
async function configured(server, root, temp) {
  const port = await freePort();
  const args = server.configure(root, temp, port);
  const env = { ...environment(temp), ...server.env };
  const child = startOn(SERVER_CORE, server.command, args, { cwd: temp, env });
  const origin = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline && child.exitCode === null;) {
    if (await answers(origin)) return { child, origin };
    await sleep(20);
  }
  await stop(child);
  throw new Error(`${server.title} did not start`);
}

/**
 * Servers that take files too: Playhead, and nginx with its WebDAV module.
 * @returns as {@link serversFor}
 */
export function serversThatWrite(programs) {
  return serversFor(programs)
    .filter(({ name }) => ['playhead', 'nginx'].includes(name))
    .map((server) =>
      server.launch
        ? {
            ...server,
            launch: (root) =>
              server.launch(root).map((part) => (Array.isArray(part) ? [...part, '--write'] : part)),
          }
        : { ...server, configure: (root, temp, port) => nginx(root, temp, port, NGINX_WRITES) },
    );
}

const NGINX_WRITES = 'dav_methods PUT; create_full_put_path on; client_max_body_size 0;';
const LISTS_JSON = 'autoindex on; autoindex_format json;';
/** As Debian configures it: pages are compressed. */
const LISTS_PAGES = 'autoindex on; gzip on;';

/**
 * Servers whose folders people look at in a browser: Playhead, and nginx.
 * @returns as {@link serversFor}, with `page`, the path at which a folder's page is
 */
export function serversWithPages(programs) {
  return serversFor(programs)
    .filter(({ name }) => ['playhead', 'nginx'].includes(name))
    .map((server) =>
      server.launch
        ? { ...server, page: '/browse/' }
        : { ...server, page: '/', configure: (root, temp, port) => nginx(root, temp, port, LISTS_PAGES) },
    );
}

/** As installed, with sendfile and one worker; connections are kept for as many requests as come. */
function nginx(root, temp, port, more = LISTS_JSON) {
  const { username } = os.userInfo();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${quoted(path.join(temp, name))};`)
    .join('\n  ');
  const config = path.join(temp, 'nginx.conf');
  writeFileSync(
    config,
    `${process.getuid() === 0 ? `user ${username};` : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${quoted(path.join(temp, 'nginx.pid'))};
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  default_type video/mp4;
  sendfile on;
  keepalive_requests 1000000000;
  ${temporary}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    root ${quoted(root)};
    ${more}
  }
}
`,
  );
  return ['-p', temp, '-e', 'stderr', '-c', config];
}

/** As installed, without administration, certificates and logs. */
function caddy(root, temp, port) {
  const config = path.join(temp, 'Caddyfile');
  writeFileSync(
    config,
    `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  root * ${quoted(root)}
  file_server browse
}
`,
  );
  return ['run', '--adapter', 'caddyfile', '--config', config];
}

function quoted(text) {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** What a server sees of the environment: nothing of the person who runs the bench. */
function environment(temp) {
  mkdirSync(path.join(temp, 'home'));
  return { PATH: process.env.PATH, HOME: path.join(temp, 'home'), TMPDIR: temp, NODE_ENV: 'production' };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(origin) {
  return new Promise((resolve) => {
    const request = get(`${origin}/-`, { agent: false, timeout: 1000 }, (response) => {
      response.destroy();
      resolve(true);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
