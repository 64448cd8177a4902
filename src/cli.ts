#!/usr/bin/env node
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AppConfig } from './config/app-config.js';
import { describeConfig } from './config/describe-config.js';
import { ConfigError, loadConfig, type LoadedConfig } from './config/load-config.js';
import { settingsOf } from './config/setting.js';
import { type BrowserName, BROWSERS } from './core/playability/index.js';
import { withDoctor } from './doctor/doctor-command.js';
import type { InspectOptions } from './media/inspect-command.js';
import type { OptimizeOptions } from './optimize/optimize-command.js';
import { StartError } from './server/start-error.js';
import { holdHeap } from './heap-growth.js';

/** Exit code for what the person at the terminal can mend: a flag, a folder, a port. */
const USAGE = 2;

export interface CliSurroundings {
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** What is served when nothing is named. */
  readonly defaultRoot: string;
}

const INSPECT_HELP = `
In a folder each file gets one word: plays, stream (plays from /stream), uncertain (depends on the device, or nobody has
verified it), late (not at once, or seeks badly), broken, fails; and picture.

Exit code 1 when a file is late, broken or fails in one of the browsers even from /stream, or cannot be inspected;
otherwise 0.
`;

const OPTIMIZE_HELP = `
Nothing is re-encoded: the new file holds the same media, in the form that /stream sends. It is written beside the old
one, verified and put in its place in one step; whatever happens before leaves the old file as it is. Mode, owner and
times are kept, extended attributes and access control lists are not. In folders, hidden names are passed over and links
are not followed. Do not run it on files that something still writes to.

Exit code 0 when all files are fine now (with --dry-run: would be), 1 when one could not be rewritten or not be
repaired, 2 for misuse, 130 or 143 when it was cancelled.
`;

const EXAMPLES = `
Examples:
  playhead ~/Videos                    serve a folder on http://127.0.0.1:8000
  playhead ~/Videos --host 0.0.0.0     let other machines in the network play too
  playhead ~/Music --port 0            take any free port and print it
  playhead ~/Music --no-anonymous --user alice:secret@/:r    let alice read, and nobody else
  PLAYHEAD_PORT=9000 playhead config   show every setting and where it comes from
  playhead inspect -r ~/Videos         say which files would not start at once or not play
  playhead optimize ~/Videos           rewrite them so that they start at once everywhere, without re-encoding
  playhead doctor https://example.org/film.mp4    say what a server, proxy or CDN breaks, and how to mend it
`;

/** Runs one command line, without the program's name; resolves to the exit code. */
export async function run(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  let exitCode = 0;
  const load = (dir: string | undefined, flags: Record<string, unknown>): LoadedConfig =>
    loadConfig({ flags: { ...flags, ...(dir !== undefined && { root: dir }) }, ...surroundings });

  const program = new Command('playhead')
    .description(
      'Serves a folder of media the way browsers and players need it, says which files would not play, and mends them.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`playhead: ${text.replace(/^error: /, '').replace(/\n(?=.)/g, ' ')}`),
    })
    .addHelpText('after', EXAMPLES);

  withSettings(program.command('serve [DIR]', { isDefault: true }))
    .description('serve the folder DIR (the default command)')
    .action(async (dir: string | undefined, flags: Record<string, unknown>) => {
      const { config, notes } = load(dir, flags);
      holdHeap();
      const { serve } = await import('./main.js');
      exitCode = await serve(config, notes);
    });

  withSettings(program.command('config [DIR]'))
    .description('print every setting, its value and where it comes from')
    .action((dir: string | undefined, flags: Record<string, unknown>) => {
      process.stdout.write(describeConfig(load(dir, flags)));
    });

  program
    .command('inspect <FILE...>')
    .description(
      'say what media files are, in which browsers they play, and what is wrong with them; needs no server',
    )
    .option('-r, --recursive', 'look into folders, and say one line for each file')
    .option('-b, --browser <name>', `only this browser; may be repeated (${BROWSERS.join(', ')})`, addBrowser)
    .option('--json', 'one JSON object a line, for programs')
    .addHelpText('after', INSPECT_HELP)
    .action(async (files: string[], options: InspectOptions) => {
      process.chdir(surroundings.cwd);
      const { inspectCommand } = await import('./media/inspect-command.js');
      exitCode = await inspectCommand(files, options, (text) => process.stdout.write(text));
    });

  program
    .command('optimize <PATH...>')
    .description(
      'rewrite files, and those in folders, so that they start at once, seek and tell their duration; needs no server',
    )
    .option('--keep-original', 'keep each old file beside the new one, as name.orig.ext')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'one JSON object a line, for programs')
    .addHelpText('after', OPTIMIZE_HELP)
    .action(async (paths: string[], options: OptimizeOptions) => {
      process.chdir(surroundings.cwd);
      const { optimizeCommand } = await import('./optimize/optimize-command.js');
      exitCode = await optimizeCommand(paths, options, (text) => process.stdout.write(text));
    });

  program
    .command('hash-password')
    .description(
      'print the hash of a password for playhead.yaml; asks for it, or reads it from standard input; needs no server',
    )
    .action(async () => {
      const { hashPasswordCommand } = await import('./auth/hash-password-command.js');
      exitCode = await hashPasswordCommand(process.stdin, process.stderr, (text) =>
        process.stdout.write(text),
      );
    });

  withDoctor(program.command('doctor'), version(), (failed) => {
    if (failed) exitCode = 1;
  });

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (error instanceof ConfigError) {
      error.problems.forEach((problem) => process.stderr.write(`playhead: ${problem}\n`));
      return USAGE;
    }
    if (error instanceof StartError) {
      process.stderr.write(`playhead: ${error.message}\n`);
      return USAGE;
    }
    throw error;
  }
}

function addBrowser(name: string, others: readonly BrowserName[] = []): BrowserName[] {
  const known = BROWSERS.find((browser) => browser === name);
  if (!known) throw new InvalidArgumentError(`Known are ${BROWSERS.join(', ')}.`);
  return [...others, known];
}

function withSettings(command: Command): Command {
  command.option(
    '-c, --config <file>',
    'settings file (default: playhead.yaml in the current folder, if there is one)',
  );
  const defaults = new AppConfig();
  for (const { flag, help, name, variable, isRepeatable } of settingsOf(AppConfig)) {
    // Shown, not set: a default that commander fills in would hide the environment and the file.
    const value = JSON.stringify(defaults[name as keyof AppConfig]);
    const shown = [undefined, 'true', 'false', '[]'].includes(value) ? '' : `, default ${value}`;
    const option = new Option(flag, `${help} (${variable}${shown})`);
    // Without its positive form, commander takes a negated flag for true where it is not given.
    if (option.negate) command.addOption(new Option(flag.replace('--no-', '--')).hideHelp());
    if (isRepeatable) option.argParser((text: string, others?: string[]) => [...(others ?? []), text]);
    command.addOption(option);
  }
  return command.allowExcessArguments(false).addHelpText('after', EXAMPLES);
}

function version(): string {
  const manifest = path.join(import.meta.dirname, '../package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

// The command may be a link to this file, as npm installs it.
if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await run(process.argv.slice(2), { cwd: process.cwd(), defaultRoot: process.cwd() });
}
