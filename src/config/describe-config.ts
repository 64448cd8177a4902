import { AppConfig } from './app-config.js';
import type { LoadedConfig } from './load-config.js';
import { settingsOf } from './setting.js';

/** The effective settings as a table: name, value, where the value came from. */
export function describeConfig({ config, origins }: LoadedConfig): string {
  const rows = settingsOf(AppConfig).map(({ name, print }) => {
    const value = config[name as keyof AppConfig];
    return [name, JSON.stringify(print ? print(value as never) : value), origins.get(name) ?? 'default'];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([name, value, origin]) => `${name!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${origin}\n`)
    .join('');
}
