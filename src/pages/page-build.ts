import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { contentType, mediaTypeOf } from '../core/http/index.js';
import { ProblemError } from '../core/problem/index.js';
import type { PageBody } from './send-page.js';

/** Injection token: the folder that the web page is built into. */
export const PAGE_FOLDER = Symbol('PageFolder');

/** Codings that the build compresses in, by the ending it adds: the best one first. */
const CODINGS = { br: '.br', gzip: '.gz' } as const;
export type Coding = keyof typeof CODINGS;

/** A file of the build, and the same in the codings that make it smaller. */
export interface BuiltFile {
  readonly contentType: string;
  readonly identity: PageBody;
  readonly coded: ReadonlyMap<Coding, PageBody>;
}

interface Built {
  readonly index: string;
  readonly indexBody: PageBody;
  /** What stands beside the index. */
  readonly beside: ReadonlyMap<string, BuiltFile>;
  readonly assets: ReadonlyMap<string, BuiltFile>;
}

/**
 * The web page as it was built, in memory: some hundred kilobytes, read when it is first asked for. Only names that the
 * build has are ever looked for, so no name of a request reaches the disk.
 */
@Injectable()
export class PageBuild {
  #built: Promise<Built> | undefined;

  constructor(@Inject(PAGE_FOLDER) private readonly folder: string) {}

  /** The text of `index.html`. @throws ProblemError not-found where the page was not built */
  async index(): Promise<string> {
    return (await this.#get()).index;
  }

  /** `index.html` as it is. @throws as {@link index} */
  async indexBody(): Promise<PageBody> {
    return (await this.#get()).indexBody;
  }

  /** A file beside the index. @throws ProblemError not-found */
  async beside(name: string): Promise<BuiltFile> {
    return known((await this.#get()).beside, name);
  }

  /** A file in `assets`. @throws ProblemError not-found */
  async asset(name: string): Promise<BuiltFile> {
    return known((await this.#get()).assets, name);
  }

  #get(): Promise<Built> {
    this.#built ??= readBuild(this.folder).catch((error: unknown) => {
      this.#built = undefined;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new ProblemError(
        'not-found',
        'The web page has not been built: run `npm run build`. The API is described at /docs.',
      );
    });
    return this.#built;
  }
}

export function pageBody(bytes: Buffer): PageBody {
  return { bytes, etag: { weak: false, opaque: hash('sha256', bytes, 'base64url').slice(0, 22) } };
}

async function readBuild(folder: string): Promise<Built> {
  const [index, beside, assets] = await Promise.all([
    readFile(path.join(folder, 'index.html')),
    readFiles(folder),
    readFiles(path.join(folder, 'assets')),
  ]);
  return { index: index.toString(), indexBody: pageBody(index), beside, assets };
}

async function readFiles(folder: string): Promise<Map<string, BuiltFile>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const bodies = await Promise.all(
    names.map(async (name) => [name, pageBody(await readFile(path.join(folder, name)))] as const),
  );
  const byName = new Map(bodies);
  const isCoded = (name: string) =>
    Object.values(CODINGS).some(
      (ending) => name.endsWith(ending) && byName.has(name.slice(0, -ending.length)),
    );
  return new Map(
    bodies
      .filter(([name]) => !isCoded(name))
      .map(([name, identity]) => [
        name,
        { contentType: contentType(mediaTypeOf(name)), identity, coded: codedOf(name, byName) },
      ]),
  );
}

function codedOf(name: string, bodies: ReadonlyMap<string, PageBody>): Map<Coding, PageBody> {
  const coded = new Map<Coding, PageBody>();
  for (const [coding, ending] of Object.entries(CODINGS) as [Coding, string][]) {
    const body = bodies.get(name + ending);
    if (body) coded.set(coding, body);
  }
  return coded;
}

function known(files: ReadonlyMap<string, BuiltFile>, name: string): BuiltFile {
  const file = files.get(name);
  if (!file) throw new ProblemError('not-found', 'The web page has no file of this name. Reload it.');
  return file;
}
