import { spawn, type ChildProcessByStdio } from 'node:child_process';
import os from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ByteSource } from '../core/bytes/index.js';
import { ANSWER_HEADER, FrameReader, OUTCOME, REQUEST_HEADER } from './drawing-frames.js';
import { PictureError } from './picture-error.js';

/** Nothing can be drawn here: the program does not start, or its library does not. */
export class CannotDrawError extends Error {
  override readonly name = 'CannotDrawError';
}

/** Milliseconds after which the program is ended: it gives up after 20 s by itself. */
const PATIENCE = 30_000;
/** Behind the server, where both want the processor. */
const NICENESS = 10;

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly answers: FrameReader;
  /** When it has ended, whatever ended it; with an error where it did not even begin. */
  readonly ended: Promise<Error | undefined>;
}

/** A program that draws one picture after the other. What a picture breaks is begun anew for the next. */
export class DrawingProcess {
  #running: Running | undefined;

  /** @param program a module for Node. @param patience in milliseconds, for one picture */
  constructor(
    private readonly program: string,
    private readonly patience = PATIENCE,
  ) {}

  /**
   * To be called again only when the one before is done.
   * @param size of its longer side in pixels, at most
   * @throws PictureError; CannotDrawError; what the source throws
   */
  async draw(source: ByteSource, size: number): Promise<Buffer> {
    const running = (this.#running ??= start(this.program));
    const timer = setTimeout(() => this.close(), this.patience);
    running.child.ref();
    let isInStep = false;
    try {
      const [answer] = await Promise.all([readAnswer(running), send(running, source, size)]);
      isInStep = answer !== undefined;
      if (!answer) throw (await running.ended) ?? unusable(new Error('The program that draws has ended.'));
      if (answer.outcome === OUTCOME.drawn) return answer.payload;
      const cause = new Error(answer.payload.toString());
      throw answer.outcome === OUTCOME.unusable ? unusable(cause) : new CannotDrawError(cause.message);
    } finally {
      clearTimeout(timer);
      running.child.unref();
      // What was sent or answered in part would be taken for the next.
      if (!isInStep) this.close();
    }
  }

  /** Ends the program, whatever it is drawing. */
  close(): void {
    this.#running?.child.kill('SIGKILL');
    this.#running = undefined;
  }
}

function start(program: string): Running {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Passwords in the server's environment are none of its business.
    env: { MALLOC_ARENA_MAX: '2' },
  });
  const ended = new Promise<Error | undefined>((resolve) => {
    // A picture that breaks it ends it by a signal.
    child.once('close', (code) =>
      resolve(code ? new CannotDrawError(`The program that draws ended with ${code}.`) : undefined),
    );
    child.once('error', ({ message }) => resolve(new CannotDrawError(message)));
  });
  // That it has gone shows where its answer is missing.
  child.stdin.on('error', () => undefined);
  try {
    if (child.pid !== undefined) os.setPriority(child.pid, NICENESS);
  } catch {
    // Then they share alike.
  }
  return { child, answers: new FrameReader(child.stdout), ended };
}

async function send({ child, ended }: Running, source: ByteSource, size: number): Promise<void> {
  const header = Buffer.alloc(REQUEST_HEADER);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(source.size, 4);
  child.stdin.write(header);
  for await (const chunk of source.stream(0, source.size)) {
    if (!child.stdin.writable) return;
    if (child.stdin.write(chunk)) continue;
    await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended]);
  }
}

async function readAnswer({ answers }: Running) {
  const header = await answers.take(ANSWER_HEADER).catch(() => undefined);
  const payload = header && (await answers.take(header.readUInt32BE(1)).catch(() => undefined));
  return payload && { outcome: header.readUInt8(0), payload };
}

function unusable(cause: Error): PictureError {
  return new PictureError(
    'The picture is broken, has more than 100 million pixels, or takes too long to read.',
    { cause },
  );
}
