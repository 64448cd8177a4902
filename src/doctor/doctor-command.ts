import { validateHeaderName, validateHeaderValue } from 'node:http';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_LIMITS } from './limits.js';
import { type Paint, printExamination } from './print-examination.js';
import { type VisitOptions } from './visit.js';
import { Identity } from './wire/identity.js';

interface DoctorFlags {
  readonly json?: boolean;
  readonly header: readonly string[];
  readonly insecure?: boolean;
  readonly origin: string;
  readonly timeout: number;
  readonly totalTimeout: number;
}

/**
 * Gives the doctor its arguments and options.
 * @param done told whether something failed
 */
export function withDoctor(command: Command, version: string, done: (failed: boolean) => void): Command {
  return command
    .argument('<URL...>', 'http or https')
    .description(
      'ask a server what browsers ask it, through whatever stands before it, and say what would not play and why',
    )
    .option('--json', 'one JSON array, for programs')
    .addOption(
      new Option('--header <"Name: value">', 'send this field too, to the origin of the URL only; repeatable')
        .argParser((text: string, all: readonly string[]) => [...all, text])
        .default([], 'none'),
    )
    .option('--insecure', 'go on when the certificate cannot be trusted')
    .option(
      '--origin <origin>',
      'the page elsewhere that wants to play it',
      parseOrigin,
      'https://example.org',
    )
    .option('--timeout <seconds>', 'for one request', parseSeconds, DEFAULT_LIMITS.requestMs / 1000)
    .option('--total-timeout <seconds>', 'for one URL', parseSeconds, DEFAULT_LIMITS.totalMs / 1000)
    .addHelpText(
      'after',
      `
Fetches at most ${DEFAULT_LIMITS.bytes / 2 ** 20} MiB of each URL, and follows at most 5 redirects, none to another scheme.
Credentials in a URL and --header are never printed.
Exit code 1 when something failed, 0 when all is well or there are only warnings.`,
    )
    .action(async (names: string[], { json = false, ...flags }: DoctorFlags) => {
      const urls = names.map((name) => parseUrl(name, command));
      const fields = parseFields(flags.header, command);
      const options: VisitOptions = {
        limits: {
          ...DEFAULT_LIMITS,
          requestMs: flags.timeout * 1000,
          totalMs: flags.totalTimeout * 1000,
        },
        insecure: flags.insecure ?? false,
        origin: flags.origin,
        userAgent: `playhead-doctor/${version}`,
      };
      // Loaded when it is wanted: the other commands have no use for it.
      const { examine } = await import('./examine.js');
      const all = [];
      for (const [index, url] of urls.entries()) {
        const examination = await examine(new Identity(url, fields), options);
        done(examination.findings.some(({ severity }) => severity === 'failure'));
        if (json) all.push(examination);
        else process.stdout.write(`${index > 0 ? '\n' : ''}${printExamination(examination, paint)}`);
      }
      if (json) process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    });
}

/** Colours on a terminal, unless NO_COLOR is set. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

// What is wrong with these is said without repeating them: they may hold secrets.

function parseUrl(text: string, command: Command): URL {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  return command.error('error: a URL to examine must begin with http:// or https://');
}

function parseFields(texts: readonly string[], command: Command): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const text of texts) {
    const colon = text.indexOf(':');
    const [name, value] = [text.slice(0, Math.max(0, colon)).trim(), text.slice(colon + 1).trim()];
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      command.error("error: --header expects 'Name: value'");
    }
    fields[name] = value;
  }
  return fields;
}

function parseOrigin(text: string): string {
  const url = URL.parse(text);
  if (!url || url.origin === 'null') throw new InvalidArgumentError('An origin is like https://example.org.');
  return url.origin;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError('Expected seconds, up to 3600.');
  return seconds;
}
