// npm test: sets up what is missing, then runs lint, types and every suite. The last line counts them all.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSources, installPackages, isRecentNode, nodeBinary, ROOT } from './lib/prepare.mjs';
import { findPrograms, TEST_PROGRAMS } from './lib/server-programs.mjs';
import * as system from './lib/system-packages.mjs';

const isCi = process.env.CI === 'true';

installPackages();
if (!isRecentNode()) {
  const { status } = spawnSync(nodeBinary(), [import.meta.filename, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
buildSources();
installSystemPackages();
// Other servers, for the suite that examines them; it says what it skips where they cannot be had.
findPrograms(TEST_PROGRAMS, ['nginx', 'caddy']);

const bin = (name) => path.join(ROOT, 'node_modules', name);
const totals = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];

check('lint', bin('eslint/bin/eslint.js'), '--max-warnings=0', '.');
check('format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.');
check('types', bin('typescript/bin/tsc'), '-p', 'tsconfig.json');
// No more than two side by side: players judge by the clock.
await runSuite('unit', '--maxWorkers=100%');
await runSuite('contract', '--runInBand');
await runSuite('e2e', '--maxWorkers=2');
await runSuite('browser', '--maxWorkers=2');

const failed = totals.failed > 0 || (isCi && totals.skipped > 0);
if (skipped.length > 0)
  console.log(`\nskipped${isCi ? ' (a failure where CI=true)' : ''}:\n${skipped.join('\n')}`);
console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exitCode = failed ? 1 : 0;

function check(name, ...command) {
  const { status } = spawnSync(process.execPath, command, { cwd: ROOT, stdio: 'inherit' });
  console.log(`${status === 0 ? 'PASS' : 'FAIL'} ${name}`);
  totals[status === 0 ? 'passed' : 'failed']++;
}

async function runSuite(suite, processes) {
  const folder = mkdtempSync(path.join(tmpdir(), 'playhead-results-'));
  const results = path.join(folder, 'results.json');
  const flags = ['--selectProjects', suite, '--json', `--outputFile=${results}`, processes];
  const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js'), ...flags];
  // What jest prints for people goes to standard error; standard output has the JSON a second time.
  const child = spawn(process.execPath, jest, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise((resolve) => child.once('close', resolve));
  try {
    count(suite, JSON.parse(readFileSync(results, 'utf8')));
  } catch {
    console.log(`FAIL ${suite}: jest ended without results`);
    totals.failed++;
  }
  rmSync(folder, { recursive: true });
}

function count(
  suite,
  { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults },
) {
  totals.passed += numPassedTests;
  totals.failed += numFailedTests + numRuntimeErrorTestSuites;
  totals.skipped += numPendingTests;
  for (const { assertionResults } of testResults) {
    for (const { status, fullName } of assertionResults)
      if (status === 'pending') skipped.push(`  ${suite}: ${fullName}`);
  }
}

/** The real clients and browsers. Where they cannot be installed, the suites that need them say what they skip. */
function installSystemPackages() {
  const missing = system.missingPackages();
  if (missing.length === 0) return;
  if (!system.mayInstall()) {
    console.log(`playhead: to run every suite, install: ${missing.join(' ')} (names of Debian packages)`);
  } else {
    console.log(`playhead: installing ${missing.join(' ')}`);
    if (!system.installPackages(missing))
      console.log('playhead: apt-get failed; the suites that need these packages are skipped');
  }
}
