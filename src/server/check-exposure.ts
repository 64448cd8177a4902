import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { AppConfig } from '../config/app-config.js';
import { StartError } from './start-error.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Refuses to offer the files of a machine to everybody around it for change.
 * @param mayAnybodyWrite whether one may write or delete without logging in
 * @throws StartError
 */
export function checkExposure({ host }: Pick<AppConfig, 'host'>, mayAnybodyWrite: boolean): void {
  if (!mayAnybodyWrite || isLoopback(host)) return;
  throw new StartError(
    `everybody who reaches ${host} could change and delete files; give those who write a name, --user NAME:PASSWORD@/:rwd, in place of --write or the rule that allows it, or listen on this machine only with --host 127.0.0.1`,
  );
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  if (isIPv6(host)) return loopback.check(host, 'ipv6');
  return host === 'localhost';
}
