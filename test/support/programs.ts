import { execFile } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** The first of these that can be run: names are looked up in PATH, paths are patterns. */
export function findProgram(candidates: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return candidates
    .flatMap((name) =>
      name.includes('/') ? globSync(name) : folders.map((folder) => path.join(folder, name)),
    )
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, for at most a minute; never rejects. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  const options = {
    cwd,
    timeout: 60_000,
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code: typeof code === 'number' ? code : -1, stdout, stderr };
  }
}
