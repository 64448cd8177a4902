import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { AuthorizedRequest } from '../auth/principal.js';
import { Changes } from '../changes/changes.js';
import { AppConfig } from '../config/app-config.js';
import { formatEntityTag } from '../core/http/index.js';
import { MultipartError } from '../core/multipart/index.js';
import type { ObjectKey } from '../core/path/index.js';
import type { Problem } from '../core/problem/index.js';
import { entryUrl, fileUrl } from '../files/resource-urls.js';
import { isBrokenOff, toProblem } from '../problem/to-problem.js';
import type { ConflictPolicy, Written } from '../storage/storage-driver.js';
import { formFiles, toFormProblem, type FormFile } from './form-files.js';
import { formKey } from './form-key.js';

/** What has become of one file of a form. */
export type FormResult =
  | {
      /** As the form has it. */
      readonly name: string;
      readonly status: 'created' | 'replaced';
      /** Below the root, decoded. */
      readonly path: string;
      /** In bytes. */
      readonly size: number;
      readonly etag: string;
      readonly links: { readonly self: string; readonly file: string };
    }
  | {
      /** Null when the form broke off outside of a file. */
      readonly name: string | null;
      readonly status: 'failed';
      readonly problem: Problem;
    };

/** Stores the files of a form. Each is a change of its own: one that fails takes nothing with it. */
@Injectable()
export class FormUpload {
  private readonly logger = new Logger('Uploads');

  constructor(
    private readonly changes: Changes,
    private readonly config: AppConfig,
  ) {}

  /**
   * @returns what has become of the files, in their order
   * @throws what a form throws that has no file, or breaks off before its first; ECONNRESET when the client goes away
   */
  async store(
    request: AuthorizedRequest,
    folder: ObjectKey,
    onConflict: ConflictPolicy,
  ): Promise<FormResult[]> {
    const results: FormResult[] = [];
    let last: unknown;
    try {
      for await (const file of formFiles(request as Readable, request.headers['content-type'] ?? '')) {
        try {
          results.push(toResult(file.name, await this.#write(request, folder, file, onConflict)));
        } catch (error) {
          if (isBrokenOff(request, error)) throw error;
          last = error;
          results.push(this.#failed(request, file.name, error));
        }
      }
    } catch (error) {
      if (isBrokenOff(request, error) || results.length === 0) throw toFormProblem(error);
      // What broke the form off in the middle of a file has been told of with that file.
      if (!(last instanceof MultipartError)) results.push(this.#failed(request, null, error));
    }
    return results;
  }

  async #write(
    request: AuthorizedRequest,
    folder: ObjectKey,
    { name, content }: FormFile,
    onConflict: ConflictPolicy,
  ): Promise<Written> {
    const { maxUploadSize: limit } = this.config;
    return this.changes.write(request, formKey(folder, name), content, {
      onConflict,
      ...(limit !== null && { limit }),
    });
  }

  #failed(request: AuthorizedRequest, name: string | null, error: unknown): FormResult {
    const sendable = toProblem(toFormProblem(error));
    if (sendable.status >= 500) {
      const err = error instanceof Error ? (error.cause ?? error) : error;
      this.logger.error(
        { err, reqId: request.id, path: request.path },
        'a file of a form could not be stored',
      );
    }
    return { name, status: 'failed', problem: sendable.toProblem() };
  }
}

function toResult(name: string, { key, created, size, validators }: Written): FormResult {
  return {
    name,
    status: created ? 'created' : 'replaced',
    path: key,
    size,
    etag: formatEntityTag(validators.etag),
    links: { self: entryUrl(key), file: fileUrl(key) },
  };
}
