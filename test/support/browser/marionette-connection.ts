import { connect, type Socket } from 'node:net';
import { TIMEOUTS } from './session.js';

type Reply = [type: number, id: number, error: { error: string; message: string } | null, result: unknown];

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Firefox speaks first; its greeting has no id, ours count from 1. */
const GREETING = 0;

/** Commands and replies over TCP. A message is its length in bytes, a colon and that much JSON. */
export class MarionetteConnection {
  private readonly pending = new Map<number, Pending>();
  private lastId = GREETING;
  private buffered = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    // A forgotten browser must not keep the test runner waiting; a reply that is due has a timer that does.
    socket.unref();
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', () => undefined); // 'close' follows, and tells everyone who waits
    socket.on('close', () => {
      for (const waiting of this.pending.values()) waiting.reject(new Error('Firefox closed the connection'));
    });
  }

  static async open(port: number): Promise<MarionetteConnection> {
    const connection = new MarionetteConnection(connect(port, '127.0.0.1'));
    try {
      await connection.reply(GREETING, 'the connection');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  command(name: string, parameters: object = {}): Promise<unknown> {
    if (this.socket.destroyed) return Promise.reject(new Error('Firefox is no longer connected'));
    const id = ++this.lastId;
    const text = JSON.stringify([0, id, name, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return this.reply(id, name);
  }

  close(): void {
    this.socket.destroy();
  }

  private reply(id: number, name: string): Promise<unknown> {
    let timer: NodeJS.Timeout;
    const limit = TIMEOUTS.script + 10_000;
    return new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`Firefox did not answer ${name} in ${limit} ms`)), limit);
      this.pending.set(id, { resolve, reject });
    }).finally(() => {
      clearTimeout(timer);
      this.pending.delete(id);
    });
  }

  private take(chunk: Buffer): void {
    this.buffered = Buffer.concat([this.buffered, chunk]);
    for (;;) {
      const colon = this.buffered.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.buffered.toString('latin1', 0, colon));
      if (this.buffered.length < end) return;
      this.receive(JSON.parse(this.buffered.toString('utf8', colon + 1, end)));
      this.buffered = this.buffered.subarray(end);
    }
  }

  private receive(message: unknown): void {
    if (!Array.isArray(message)) return this.pending.get(GREETING)?.resolve(message);
    const [, id, error, result] = message as Reply;
    if (error) this.pending.get(id)?.reject(new Error(`${error.error}: ${error.message}`));
    else this.pending.get(id)?.resolve(result);
  }
}
