import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AppConfig } from '../config/app-config.js';

/** What the person who started the server reads: where it is, what it serves, what it permits. */
export function startMessage(
  { host, root, hidden }: AppConfig,
  port: number,
  notes: readonly string[],
): string {
  const [main, ...others] = urls(host, port);
  const lines = [
    `Playhead is listening on ${main}`,
    ...others.map((url) => `                also on ${url}`),
    `serving ${root}, read-only${hidden ? ', hidden files too' : ''}`,
    `files are at ${main}/files/PATH, listed at ${main}/api/v1/entries/, the API is described at ${main}/docs`,
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The URLs to reach the server by; one for each address of this machine when it listens on all of them. */
function urls(host: string, port: number): string[] {
  const isAny = host === '0.0.0.0' || host === '::';
  if (!isAny) return [url(host, port)];
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family, internal, scopeid }) => !internal && !scopeid && (family === 'IPv4' || host === '::'))
    .map(({ address }) => address);
  return ['127.0.0.1', ...addresses].map((address) => url(address, port));
}

function url(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
