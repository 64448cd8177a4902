// Makes dist/: the compiled server, the web page, and the API viewer's files. `npm start` and `npm test` call it when needed.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildPage } from './lib/page.mjs';
import { ROOT } from './lib/prepare.mjs';

const require = createRequire(import.meta.url);
const dist = path.join(ROOT, 'dist');
rmSync(dist, { recursive: true, force: true });

const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
chmodSync(path.join(dist, 'cli.js'), 0o755);

const viewer = path.join(dist, 'viewer');
const swaggerUi = path.dirname(require.resolve('swagger-ui-dist/package.json'));
mkdirSync(viewer);
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
  cpSync(path.join(swaggerUi, name), path.join(viewer, name));
cpSync(path.join(ROOT, 'viewer/viewer.js'), path.join(viewer, 'viewer.js'));

await buildPage();
