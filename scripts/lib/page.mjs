// The web page: types of the API from the contract; the build, with each asset compressed once for all.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ROOT } from './prepare.mjs';

/** Made from openapi.yaml, so it is not committed: what the contract no longer has does not compile. */
export const API_TYPES = path.join(ROOT, 'web/src/api/schema.d.ts');
const COMPRESSIBLE = /\.(?:js|css|svg|html|json|webmanifest)$/;

export async function buildPage() {
  const { build } = await import('vite');
  await build({ configFile: path.join(ROOT, 'web/vite.config.js'), logLevel: 'warn' });
  await addEarlyScript(build);
  const assets = path.join(ROOT, 'dist/page/assets');
  for (const name of readdirSync(assets).filter((name) => COMPRESSIBLE.test(name)))
    compress(path.join(assets, name));
}

/** A script that shares no code with the rest, so that it waits for nothing, and stands before all others. */
async function addEarlyScript(build) {
  const { output } = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: path.join(ROOT, 'web/src/early.ts') },
    },
  });
  const [{ fileName, code }] = output;
  writeFileSync(path.join(ROOT, 'dist/page', fileName), code);
  const html = path.join(ROOT, 'dist/page/index.html');
  const script = `<script type="module" async src="/${fileName}"></script>`;
  const text = readFileSync(html, 'utf8');
  const [styles] = /<link rel="stylesheet".*>/.exec(text);
  // The page measures itself: its looks come before its code.
  writeFileSync(html, text.replace(styles, '').replace('<script', `${script}\n    ${styles}\n    <script`));
}

export async function writeApiTypes() {
  const { default: openapi, astToString } = await import('openapi-typescript');
  const types = astToString(await openapi(pathToFileURL(path.join(ROOT, 'openapi.yaml'))));
  mkdirSync(path.dirname(API_TYPES), { recursive: true });
  writeFileSync(API_TYPES, types);
}

function compress(file) {
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  if (brotli.length < bytes.length) writeFileSync(`${file}.br`, brotli);
  const gzip = gzipSync(bytes, { level: 9 });
  if (gzip.length < bytes.length) writeFileSync(`${file}.gz`, gzip);
}
