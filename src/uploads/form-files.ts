import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { ProblemError } from '../core/problem/index.js';

/** A file in a form. */
export interface FormFile {
  /** As the client calls it, with the folders it is in. */
  readonly name: string;
  /** To be read before the next file is asked for; what is left of it by then is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Files of one form; bytes and lines of the header of each; bytes of a field that is no file, which nobody looks at. */
const LIMITS = { files: 10_000, headerSize: 16 * 1024, headerPairs: 100, fieldSize: 1024 };
/** More than what comes at once: the parser never has to wait, since it gets no more until that is used up. */
const HIGH_WATER_MARK = 16 * 2 ** 20;
/** Turns after the last byte in which the parser must have told of everything; a few are enough. */
const LAST_TURNS = 100;

interface FoundFile {
  readonly name: string;
  readonly stream: Readable;
  failure?: unknown;
}

/**
 * The files of a body in multipart/form-data (RFC 7578), one after the other. Nothing is read ahead: the next piece of
 * the body is taken when all before it is used up. Fields that are no files are skipped.
 *
 * Where the form ends before its last boundary, reading the file at hand throws, and so does asking for the next.
 * @param body is left open when the files are not all taken
 * @throws ProblemError malformed-request, content-too-large; what the body throws
 */
export async function* formFiles(body: Readable, contentType: string): AsyncGenerator<FormFile> {
  const form = new Form(body, contentType);
  for (let file = await form.next(); file; file = await form.next()) {
    const content = form.contentOf(file);
    yield { name: file.name, content };
    for await (const _ of content);
  }
}

class Form {
  readonly #parser;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #found: FoundFile[] = [];
  #failure: unknown;
  #isOver = false;
  #turns = 0;

  constructor(body: Readable, contentType: string) {
    this.#pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
    this.#parser = makeParser(contentType);
    this.#parser.on('file', (_field, stream, name) => {
      const file: FoundFile = { name, stream };
      stream.on('error', () => (file.failure = brokenOff()));
      // What browsers send for a file that was not chosen.
      if (name === '') stream.resume();
      else this.#found.push(file);
    });
    this.#parser.on('filesLimit', () => {
      const detail = `One form may have ${LIMITS.files} files. Send the rest in another.`;
      this.#failure ??= new ProblemError('content-too-large', detail);
    });
    this.#parser.on('error', () => (this.#failure ??= brokenOff()));
    this.#parser.on('finish', () => (this.#isOver = true));
  }

  async next(): Promise<FoundFile | undefined> {
    for (;;) {
      const file = this.#found.shift();
      if (file) return file;
      if (this.#failure !== undefined) throw this.#failure as Error;
      if (this.#isOver) return undefined;
      await this.#feed();
    }
  }

  async *contentOf(file: FoundFile): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = file.stream.read() as Uint8Array | null;
      if (piece !== null) yield piece;
      else if (file.failure !== undefined) throw file.failure as Error;
      else if (file.stream.readableEnded) return;
      else await this.#feed();
    }
  }

  /** Gives the parser another piece, and the turn in which it tells what is in it. */
  async #feed(): Promise<void> {
    if (this.#parser.writableEnded) {
      if (++this.#turns > LAST_TURNS) throw brokenOff();
    } else {
      const { value, done } = await this.#pieces.next();
      if (done === true) this.#parser.end();
      else this.#parser.write(value);
    }
    await nextTurn();
  }
}

function brokenOff(): ProblemError {
  return new ProblemError('malformed-request', 'The form breaks off before its last boundary.');
}

/** @throws ProblemError malformed-request */
function makeParser(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: LIMITS,
      preservePath: true,
      isPartAFile: (_field, _type, name) => name !== undefined,
      fileHwm: HIGH_WATER_MARK,
      highWaterMark: HIGH_WATER_MARK,
    });
  } catch {
    throw new ProblemError('malformed-request', 'The Content-Type of a form needs a boundary.');
  }
}
