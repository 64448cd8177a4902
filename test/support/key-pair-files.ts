import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './playhead.js';
import { selfSigned } from './self-signed.js';

export const VALID_UNTIL = new Date('2100-01-01T00:00:00Z');

/** A certificate and its key as files of a new folder: the settings for them. */
export async function keyPairFiles(): Promise<{ readonly tlsCert: string; readonly tlsKey: string }> {
  const folder = await makeFolder();
  const files = { tlsCert: path.join(folder, 'cert.pem'), tlsKey: path.join(folder, 'key.pem') };
  const { cert, key } = selfSigned(VALID_UNTIL);
  await writeFile(files.tlsCert, cert);
  await writeFile(files.tlsKey, key, { mode: 0o600 });
  return files;
}
