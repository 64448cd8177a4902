import net from 'node:net';
import tls from 'node:tls';
import { toWireError, WireError } from './wire-error.js';

/** An answer within a conversation. */
export interface Reply {
  readonly status: number;
  /** The header as it came, in lower case. */
  readonly head: string;
  readonly body: Buffer;
}

const LONGEST_HEAD = 65_536;
const LONGEST_BODY = 65_536;

/**
 * Several requests on one connection, read byte by byte: what stands behind an answer is seen as the next client would
 * see it, while node:http would close the connection over it.
 */
export class Conversation {
  #unread = Buffer.alloc(0);
  #ended = false;
  #error: unknown;
  #wake: () => void = () => undefined;

  private constructor(
    private readonly socket: net.Socket,
    private readonly url: URL,
    received: (bytes: number) => void,
  ) {
    socket.on('data', (chunk: Buffer) => {
      received(chunk.length);
      this.#unread = Buffer.concat([this.#unread, chunk]);
      if (this.#unread.length > LONGEST_HEAD + LONGEST_BODY) socket.pause();
      this.#wake();
    });
    socket.on('error', (error) => (this.#error = error));
    socket.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** @param ms for the whole conversation */
  static begin(
    url: URL,
    { ms, insecure, received }: { ms: number; insecure: boolean; received: (bytes: number) => void },
  ): Conversation {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const secure = url.protocol === 'https:';
    const port = Number(url.port) || (secure ? 443 : 80);
    const servername = net.isIP(host) ? {} : { servername: host };
    const socket = secure
      ? tls.connect({ host, port, rejectUnauthorized: !insecure, ...servername })
      : net.connect(port, host);
    const timer = setTimeout(() => socket.destroy(new WireError('timeout', 'no answer came in time')), ms);
    socket.once('close', () => clearTimeout(timer));
    return new Conversation(socket, url, received);
  }

  /**
   * Sends a request and reads its answer: header, and the body that Content-Length promises.
   * @returns `garbage` when what stands on the connection cannot become an answer, `unread` when the answer is too long
   * or has no Content-Length: nothing can be asked behind it
   * @throws {WireError} when the connection ends first
   */
  async ask(method: string, fields: Readonly<Record<string, string>>): Promise<Reply | 'garbage' | 'unread'> {
    const lines = Object.entries({ Host: this.url.host, ...fields }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const target = `${this.url.pathname}${this.url.search}`;
    this.socket.write(`${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
    await this.#until(
      () => this.#unread.includes('\r\n\r\n') || this.#unread.length > LONGEST_HEAD || !this.#isAnswer,
    );
    if (!this.#isAnswer) return 'garbage';
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) return 'unread';
    const head = this.#unread.toString('latin1', 0, end).toLowerCase();
    this.#unread = this.#unread.subarray(end + 4);
    const status = Number(head.slice(9, 12));
    const length = Number(/^content-length:[ \t]*(\d{1,15})[ \t]*$/m.exec(head)?.[1] ?? 'NaN');
    const hasBody = method !== 'HEAD' && status !== 304 && status !== 204;
    if (!hasBody) return { status, head, body: Buffer.alloc(0) };
    if (!(length <= LONGEST_BODY)) return 'unread';
    await this.#until(() => this.#unread.length >= length);
    const body = this.#unread.subarray(0, length);
    this.#unread = this.#unread.subarray(length);
    return { status, head, body };
  }

  close(): void {
    this.socket.destroy();
  }

  /** Whether what stands there can become a status line (RFC 9112 §4). */
  get #isAnswer(): boolean {
    const start = this.#unread.toString('latin1', 0, 9);
    return 'HTTP/1.1 '.startsWith(start) || 'HTTP/1.0 '.startsWith(start);
  }

  async #until(there: () => boolean): Promise<void> {
    while (!there()) {
      if (this.#ended) throw toWireError(this.#error ?? new WireError('closed', 'the connection was closed'));
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
