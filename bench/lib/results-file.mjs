// RESULTS.md has a section for each program of the bench; a run replaces its own and leaves the others.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/prepare.mjs';

export const RESULTS = path.join(ROOT, 'bench/RESULTS.md');
const HEAD =
  '# Results\n\nWritten by the programs in this folder; [README.md](README.md) says how to read it.\n';

/** @param {string} title also what the section is found by */
export function writeSection(title, text, file = RESULTS) {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : HEAD;
  const [head, ...sections] = old.split(/^(?=## )/m);
  const section = `## ${title}\n\n${text.trim()}\n`;
  const index = sections.findIndex((other) => other.startsWith(`## ${title}\n`));
  if (index < 0) sections.push(section);
  else sections[index] = section;
  writeFileSync(file, [head, ...sections].map((part) => `${part.trim()}\n`).join('\n'));
}

/** When, where and with what: the lines above a section's tables. */
export function circumstances(command, versions) {
  const [{ model }] = os.cpus();
  const lines = [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit()}, \`${command}\``,
    `${os.cpus().length} x ${model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function commit() {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}
