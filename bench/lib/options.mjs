import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** What every program of the bench understands. */
const COMMON = {
  rounds: { type: 'string' },
  dir: { type: 'string', default: path.join(os.tmpdir(), 'playhead-bench') },
  write: { type: 'boolean', default: false },
};

/** The options of the command line; `dir` exists and is absolute. */
export function readOptions(own = {}) {
  try {
    const { values } = parseArgs({ options: { ...COMMON, ...own } });
    const dir = path.resolve(values.dir);
    mkdirSync(dir, { recursive: true });
    return { ...values, dir };
  } catch (error) {
    return refuse(error.message);
  }
}

export function positive(option, text) {
  const value = Number(text);
  return value > 0 ? value : refuse(`--${option}: ${text} is not a positive number`);
}

/** Those of `all` that a list of names names, all without one. */
export function chosen(option, names, all) {
  if (names === undefined) return all;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !all.some((item) => item.name === name));
  if (unknown.length > 0)
    refuse(`--${option}: no ${unknown.join(', ')} here; there is ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => wanted.includes(name));
}

/** The command line as someone else would type it. */
export function commandLine(program) {
  return ['node', `bench/${program}`, ...process.argv.slice(2)].join(' ');
}

function refuse(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
