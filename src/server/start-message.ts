import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AppConfig } from '../config/app-config.js';

/** What the person who started the server reads: where it is, what it serves, what it permits. */
export function startMessage(
  { host, root, hidden, users, rules, write, tlsCert }: AppConfig,
  port: number,
  notes: readonly string[],
): string {
  const [main, ...others] = urls(tlsCert === null ? 'http' : 'https', host, port);
  const lines = [
    `Playhead is listening on ${main}`,
    ...others.map((url) => `                also on ${url}`),
    `serving ${root}, ${writers({ users, rules, write })}${hidden ? ', hidden files too' : ''}`,
    `open it in a browser; files are at ${main}/files/PATH, the API is described at ${main}/docs`,
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function writers({ users, rules, write }: Pick<AppConfig, 'users' | 'rules' | 'write'>): string {
  const isWriter = ({ permissions }: AppConfig['rules'][number]) =>
    permissions.some((permission) => permission !== 'read');
  if (write || rules.some(isWriter)) return 'everybody may write';
  const names = users.filter(({ rules }) => rules.some(isWriter)).map(({ name }) => name);
  if (names.length === 0) return 'read-only';
  return names.length > 5 ? `${names.length} users may write` : `${names.join(', ')} may write`;
}

/** The URLs to reach the server by; one for each address of this machine when it listens on all of them. */
function urls(scheme: string, host: string, port: number): string[] {
  const isAny = host === '0.0.0.0' || host === '::';
  if (!isAny) return [url(scheme, host, port)];
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family, internal, scopeid }) => !internal && !scopeid && (family === 'IPv4' || host === '::'))
    .map(({ address }) => address);
  return ['127.0.0.1', ...addresses].map((address) => url(scheme, address, port));
}

function url(scheme: string, host: string, port: number): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
