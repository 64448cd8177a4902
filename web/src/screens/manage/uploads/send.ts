import type { HttpResponse, Upload } from 'tus-js-client';
import { ApiProblem } from '../../../api/problem.ts';
import type { ConflictPolicy } from './item.ts';

/** Where uploads are made; they are never made by a link, so nothing stands before it. */
const ENDPOINT = '/api/v1/uploads';
/** Bytes of a request: proxies on the way often allow 100 MB. What of one has arrived stays when it breaks off. */
const CHUNK = 64 * 1024 * 1024;
/** Milliseconds without a byte or an answer, after which a connection is taken for dead. */
const PATIENCE = 60_000;
/** The server asks for no password of its own accord when it is told that a script asks. */
const HEADERS = { 'X-Requested-With': 'fetch' };

export interface Sent {
  readonly file: File;
  readonly path: string;
  readonly onConflict: ConflictPolicy;
  /** The upload to go on with. */
  readonly url: string | undefined;
  /** Where it goes on: bytes that the server has. */
  readonly onstart: (offset: number) => void;
  readonly onprogress: (sent: number) => void;
  /** @param expires milliseconds since 1970 */
  readonly onurl: (url: string, expires: number | undefined) => void;
  /** @param path where the file is now, if the server said so */
  readonly ondone: (path: string | undefined) => void;
  readonly onfail: (failure: ApiProblem | 'unreadable') => void;
}

/** One attempt to send a file, by tus 1.0.0. After `stop` it says nothing more. */
export class Attempt {
  readonly #options: Sent;
  #upload: Upload | undefined;
  #isOver = false;
  #isCreating = false;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #settle: () => void = () => undefined;
  readonly #settled = new Promise<void>((resolve) => (this.#settle = resolve));

  constructor(options: Sent) {
    this.#options = options;
    void this.#start();
  }

  /** Resolves when nothing is under way any more, and the upload at the server is known if there is one. */
  async stop(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#watch);
    // What is being made would otherwise stay there with nobody to know of it.
    if (this.#isCreating)
      await Promise.race([this.#settled, new Promise((resolve) => setTimeout(resolve, 5000))]);
    await this.#upload?.abort();
  }

  async #start(): Promise<void> {
    const { file, path, onConflict, url } = this.#options;
    // Loaded when it is first needed; without a line it is not there either.
    const client = await import('tus-js-client').catch(() => undefined);
    if (!client) return this.#fail(noAnswer());
    if (this.#isOver) return;
    let isFirst = true;
    this.#isCreating = url === undefined;
    this.#upload = new client.Upload(file, {
      ...(url === undefined ? { endpoint: ENDPOINT } : { uploadUrl: url }),
      metadata: { path, onConflict, modified: String(file.lastModified) },
      headers: HEADERS,
      chunkSize: CHUNK,
      // What is to be tried again, and when, is decided for all files together.
      retryDelays: null,
      storeFingerprintForResuming: false,
      fingerprint: () => Promise.resolve(''),
      onAfterResponse: (_, response) => this.#heard(response),
      onProgress: (sent) => {
        if (this.#isOver) return;
        this.#wait();
        if (isFirst) this.#options.onstart(sent);
        else this.#options.onprogress(sent);
        isFirst = false;
      },
      onUploadUrlAvailable: () => {
        if (this.#isOver) void this.#upload?.abort();
        this.#isCreating = false;
        this.#settle();
      },
      onSuccess: ({ lastResponse }) => {
        if (this.#end()) this.#options.ondone(storedPath(lastResponse));
      },
      onError: (error) => {
        this.#settle();
        const response = 'originalResponse' in error ? error.originalResponse : null;
        if (response) this.#fail(problemIn(response));
        else void this.#explain();
      },
    });
    this.#wait();
    this.#upload.start();
  }

  #heard(response: HttpResponse): void {
    const { url } = this.#options;
    const made = response.getStatus() === 201 ? response.getHeader('Location') : undefined;
    const expires = Date.parse(response.getHeader('Upload-Expires') ?? '');
    const known = made ?? url;
    if (known !== undefined) this.#options.onurl(known, Number.isNaN(expires) ? undefined : expires);
  }

  /** No answer came: either the line is broken, or the file cannot be read any more. */
  async #explain(): Promise<void> {
    const { file } = this.#options;
    // WebKit breaks the connections of a page that is being left, and its files, before it says that it is: then this is
    // never heard of.
    await new Promise((resolve) => setTimeout(resolve, 250));
    try {
      await file.slice(0, 1).arrayBuffer();
      await file.slice(-1).arrayBuffer();
    } catch {
      return this.#fail('unreadable');
    }
    this.#fail(noAnswer());
  }

  #wait(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      void this.#upload?.abort();
      this.#fail(noAnswer());
    }, PATIENCE);
  }

  #fail(failure: ApiProblem | 'unreadable'): void {
    if (this.#end()) this.#options.onfail(failure);
  }

  /** @returns whether it was still under way */
  #end(): boolean {
    clearTimeout(this.#watch);
    const wasOver = this.#isOver;
    this.#isOver = true;
    return !wasOver;
  }
}

/** Ends an upload at the server. One that cannot be ended expires. */
export async function terminate(url: string): Promise<void> {
  const headers = { ...HEADERS, 'Tus-Resumable': '1.0.0' };
  await fetch(url, { method: 'DELETE', headers }).catch(() => undefined);
}

function noAnswer(): ApiProblem {
  return new ApiProblem({ kind: 'unreachable', status: 0, title: '', detail: '' });
}

function problemIn(response: HttpResponse): ApiProblem {
  const { type = '', title = '', detail = '' } = parsed(response.getBody());
  return new ApiProblem({ kind: type.split('/').at(-1) ?? '', status: response.getStatus(), title, detail });
}

/** Answers to HEAD have no body, and proxies say things of their own. */
function parsed(text: string): { type?: string; title?: string; detail?: string } {
  try {
    return (JSON.parse(text) ?? {}) as ReturnType<typeof parsed>;
  } catch {
    return {};
  }
}

function storedPath(response: HttpResponse): string | undefined {
  const location = response.getHeader('Content-Location');
  const [, path] = /^\/files\/(.*)$/.exec(location ?? '') ?? [];
  try {
    return path?.split('/').map(decodeURIComponent).join('/');
  } catch {
    return undefined;
  }
}
