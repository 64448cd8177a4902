// Makes dist/: the compiled server, the web page, and the API viewer's files. `npm start` and `npm test` call it when needed.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildPage, writeApiTypes } from './lib/page.mjs';
import { ROOT } from './lib/prepare.mjs';

const require = createRequire(import.meta.url);
const dist = path.join(ROOT, 'dist');
rmSync(dist, { recursive: true, force: true });

run('typescript', 'bin/tsc', '-p', 'tsconfig.build.json');
chmodSync(path.join(dist, 'cli.js'), 0o755);

const viewer = path.join(dist, 'viewer');
const swaggerUi = path.dirname(require.resolve('swagger-ui-dist/package.json'));
mkdirSync(viewer);
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
  cpSync(path.join(swaggerUi, name), path.join(viewer, name));
cpSync(path.join(ROOT, 'viewer/viewer.js'), path.join(viewer, 'viewer.js'));

await writeApiTypes();
// Vite takes the types away unread, so that a page which no longer fits the contract would be built.
run('svelte-check', 'bin/svelte-check', '--tsconfig', 'web/tsconfig.json', '--fail-on-warnings');
await buildPage();

function run(name, program, ...args) {
  const file = path.join(path.dirname(require.resolve(`${name}/package.json`)), program);
  const { status, stdout } = spawnSync(process.execPath, [file, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return;
  process.stdout.write(stdout);
  process.exit(1);
}
