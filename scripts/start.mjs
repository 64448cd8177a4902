// npm start [-- DIR flags]: installs and builds what is missing, then runs the server in this very process, so that
// signals reach it. Without DIR it serves the bundled samples.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildSources, installPackages, isRecentNode, nodeBinary, ROOT } from './lib/prepare.mjs';

// Without `--`, npm takes flags for its own and hands on only what follows them.
const swallowed = ['port', 'host', 'hidden', 'cors'].find(
  (name) => process.env[`npm_config_${name}`] !== undefined,
);
if (swallowed) {
  process.stderr.write(
    `playhead: npm took --${swallowed} for its own; put -- before the flags: npm start -- DIR --${swallowed} ...\n`,
  );
  process.exit(2);
}

installPackages();
buildSources();

if (isRecentNode()) {
  const { run } = await import('../dist/cli.js');
  process.exitCode = await run(process.argv.slice(2), {
    // npm changes into the project's folder; what the person typed is relative to where they stand.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    defaultRoot: path.join(ROOT, 'samples'),
  });
} else {
  // The first start on an older Node: hand over to the one that was just installed.
  const child = spawn(nodeBinary(), [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}
