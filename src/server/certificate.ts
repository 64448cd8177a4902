import { readFileSync, statSync, type BigIntStats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Server } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { Logger } from '@nestjs/common';
import { KeyPairError, usableKeyPair, type KeyPair } from './key-pair.js';
import { StartError } from './start-error.js';

/** How often the files are looked at, in milliseconds. */
const INTERVAL = 1000;

/** Bytes of a file; chains have a few thousand. */
const LIMIT = 2 ** 20;

const logger = new Logger('Certificate');

/**
 * The certificate and key of the server, read anew when their files change. They are looked at by name, again and again:
 * what renews them replaces files, links to them, or links to their folder, of which no watch of one file tells.
 */
export class Certificate {
  #options: SecureContextOptions;
  /** How the files were when they were last read, and when they were last looked at. */
  #read: string;
  #seen: string;

  /** @throws StartError */
  constructor(
    private readonly certFile: string,
    private readonly keyFile: string,
  ) {
    const [cert, key] = [
      { file: certFile, setting: 'tlsCert' },
      { file: keyFile, setting: 'tlsKey' },
    ].map(({ file, setting }) => {
      try {
        const stats = statSync(file, { bigint: true });
        return { state: stateOf(stats), bytes: readFileSync(check(stats, file)) };
      } catch (error) {
        throw new StartError(unreadable(setting, file, error as NodeJS.ErrnoException));
      }
    });
    this.#read = this.#seen = `${cert!.state} ${key!.state}`;
    try {
      this.#options = use({ cert: cert!.bytes, key: key!.bytes });
    } catch (error) {
      throw new StartError((error as Error).message);
    }
  }

  get options(): SecureContextOptions {
    return this.#options;
  }

  /** From when the server listens until it closes, new connections get what the files hold. */
  keepFresh(server: Server): void {
    let timer: NodeJS.Timeout | undefined;
    const look = async () => {
      if (await this.#isRenewed()) server.setSecureContext(this.#options);
      if (server.listening) timer = setTimeout(() => void look(), INTERVAL).unref();
    };
    server.on('listening', () => (timer = setTimeout(() => void look(), INTERVAL).unref()));
    server.on('close', () => clearTimeout(timer));
  }

  /** Files are read when they have stood still from one look to the next: the two are not replaced at the same moment. */
  async #isRenewed(): Promise<boolean> {
    const files = [this.certFile, this.keyFile];
    const states = files.map((file) => stat(file, { bigint: true }).then(stateOf, codeOf));
    const now = (await Promise.all(states)).join(' ');
    const hasSettled = now === this.#seen;
    this.#seen = now;
    if (now === this.#read || !hasSettled) return false;
    this.#read = now;
    try {
      const [cert, key] = await Promise.all(files.map(readWhole));
      this.#options = use({ cert: cert!, key: key! });
      logger.log('the certificate was renewed; new connections use it');
      return true;
    } catch (error) {
      const why =
        error instanceof KeyPairError ? error.message : `cannot be read (${codeOf(error as Error)})`;
      logger.warn(`the certificate or its key has changed and cannot be used, the old one stays: ${why}`);
      return false;
    }
  }
}

function use(pair: KeyPair): SecureContextOptions {
  const { options, validTo } = usableKeyPair(pair);
  if (validTo.getTime() < Date.now())
    logger.warn(`the certificate has expired on ${validTo.toISOString()}; browsers will not take it`);
  return options;
}

async function readWhole(file: string): Promise<Buffer> {
  return readFile(check(await stat(file, { bigint: true }), file));
}

/** @throws KeyPairError */
function check(stats: BigIntStats, file: string): string {
  if (!stats.isFile() || stats.size > LIMIT)
    throw new KeyPairError('tlsCert and tlsKey must be files in PEM, of at most 1 MiB');
  return file;
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

function unreadable(setting: string, file: string, error: NodeJS.ErrnoException): string {
  if (error instanceof KeyPairError) return error.message;
  if (error.code === 'ENOENT') return `there is no file ${file}; name an existing one in ${setting}`;
  return `the file ${file} of ${setting} cannot be read (${codeOf(error)}); give this account permission to read it`;
}
